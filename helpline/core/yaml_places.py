"""Where something is in a YAML file: the line of a path, so that a fault can be found."""

from collections.abc import Sequence

import yaml


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line of what is at a path of names and positions, or of the nearest thing around it."""
    try:
        node: yaml.Node | None = yaml.compose(text, yaml.BaseLoader)
    except yaml.YAMLError as error:
        return line_of_error(error)
    line = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == str(step)]
            if not found:
                break
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def line_of_error(error: yaml.YAMLError) -> int:
    """Return the line of a fault of the YAML itself."""
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1
