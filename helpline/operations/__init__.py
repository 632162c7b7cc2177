"""Run the service: start and watch its processes, back up and restore the database, delete old data, report health.

Start reading at `supervisor.up` (all processes of one machine), `retention.Erasure` (what is deleted and when),
`backup.write` and `restore.restore`, and `health_figures.read` (what the status page and the metrics show).

This package may use every package of the domain. It must not import `commands`, `messaging` or `authoring`.
"""
