"""Write the templates that are committed: `python -m infra.synth` from the checkout's root (needs Node).

Another folder may be named: `python -m infra.synth FOLDER`.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.stacks import build_app

TEMPLATES = Path(__file__).parent / "templates"


def write_templates(folder: Path) -> list[Path]:
    """Synthesise every stack into `folder` and return the files written, one `STACK.template.json` each."""
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch:
        assembly = build_app(Path(scratch)).synth()
        written = []
        for stack in assembly.stacks:
            target = folder / f"{stack.stack_name}.template.json"
            target.write_text(Path(stack.template_full_path).read_text().rstrip() + "\n")
            written.append(target)
    return written


if __name__ == "__main__":
    write_templates(Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATES)
