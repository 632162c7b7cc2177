"""The commands of `komek`, one file each where they are more than a few lines."""
