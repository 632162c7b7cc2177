"""The pages of coordinators: open requests, on duty tonight, the harm register, drills, the number access lock."""
