"""What coordinators see and do: open requests, tonight, harm, drills, the raid lock."""
