"""Makes `content/places/places.jsonl` out of four public packages: `komek places build`. Never used by a service."""
