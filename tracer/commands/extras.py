"""What is said where the packages of an extra are missing: a command that installs them."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..errors import Refused


def need(extra: str, *modules: str) -> None:
    """Refuse to go on without the packages of an extra, which is named after its command."""
    from importlib.util import find_spec

    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise Refused(f"rfft {extra} needs {', '.join(missing)}: {installing(extra)}")


def installing(extra: str) -> str:
    """Return the command that installs an extra from where this installation has come from."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        told = distribution("meta-rfft").read_text("direct_url.json")
    except PackageNotFoundError:
        told = None
    origin = json.loads(told) if told else {}  # PEP 610; what came from an index has none
    url = origin.get("url", "")
    if (folder := origin.get("dir_info")) is not None:
        path = Path(unquote(urlsplit(url).path))
        place = "." if path == Path.cwd() else str(path)
        return f"pip install {'-e ' if folder.get('editable') else ''}'{place}[{extra}]'"
    if vcs := origin.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    return f"pip install 'meta-rfft[{extra}]{' @ ' * bool(url)}{url}'"
