"""Command line of tools/build-region-pack."""

import argparse
import filecmp
import os
import shutil
import sys
import tempfile
from pathlib import Path

from .check_pack import verify
from .configuration import load_configuration
from .packs import build, build_country_pack
from .problems import PackError
from .whole_country import FOLDER as COUNTRY_FOLDER


def main() -> int:
    """Build, compare or verify; 0 when everything is as it must be, 1 otherwise."""
    checkout = Path(os.environ.get("KOMPASS_CHECKOUT", Path(__file__).resolve().parents[2]))
    configuration = load_configuration()
    arguments = parse(checkout, configuration.folders)
    try:
        if arguments.verify:
            return report(verify(arguments.out, configuration))
        with tempfile.TemporaryDirectory() as scratch:
            fresh = Path(scratch)
            if arguments.country:
                build_country_pack(arguments.data, fresh, configuration)
                replace(fresh / COUNTRY_FOLDER, arguments.country / COUNTRY_FOLDER)
                return 0
            build(arguments.data, fresh, configuration, arguments.packs, arguments.kompass)
            if arguments.check:
                return report(differences(fresh, arguments.out, arguments.packs))
            for folder in arguments.packs:
                replace(fresh / folder, arguments.out / folder)
        missing = [folder for folder in configuration.folders if not (arguments.out / folder).is_dir()]
        if missing:
            print(f"not verified: {', '.join(missing)} missing in {arguments.out}")
            return 0
        return report(verify(arguments.out, configuration))
    except PackError as error:
        print(f"build-region-pack: {error}", file=sys.stderr)
        return 1


def parse(checkout: Path, folders: list[str]) -> argparse.Namespace:
    """Arguments; without a pack all of them."""
    data = os.environ.get("KOMPASS_TEST_DATA") or checkout.parent / "shared" / "data"
    parser = argparse.ArgumentParser(
        prog="build-region-pack",
        description="Build the region packs from the open data they are derived from, then verify them.",
    )
    parser.add_argument("packs", nargs="*", metavar="pack", help=f"one or more of: {', '.join(folders)} (default: all)")
    parser.add_argument(
        "--data", type=Path, default=Path(data), help="folder of the source data (default: %(default)s)"
    )
    parser.add_argument(
        "--out", type=Path, default=checkout / "Data", help="folder of the packs (default: %(default)s)"
    )
    parser.add_argument(
        "--kompass",
        type=Path,
        default=Path(os.environ.get("KOMPASS") or checkout / ".build" / "release" / "kompass"),
        help="the program, which computes the calibration of the rural index (default: %(default)s)",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--country", type=Path, metavar="DIR", help="write a pack of the whole country, which does not ship, below DIR"
    )
    mode.add_argument("--check", action="store_true", help="build aside and compare byte for byte, changing nothing")
    mode.add_argument("--verify", action="store_true", help="test the packs that are there; needs no source data")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.packs) - set(folders))
    if unknown:
        parser.error(f"no such pack: {', '.join(unknown)}; there are: {', '.join(folders)}")
    arguments.packs = [folder for folder in folders if folder in arguments.packs] or folders
    return arguments


def replace(fresh: Path, target: Path) -> None:
    """Put the files of a pack that is whole in place of the ones that are there."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        old.unlink()
    for file in sorted(fresh.iterdir()):
        shutil.copyfile(file, target / file.name)
    size = sum(file.stat().st_size for file in target.iterdir())
    print(f"{target.name}: {size / 1_000_000:.2f} MB")


def differences(built: Path, shipped: Path, folders: list[str]) -> list[str]:
    """Files that differ between a fresh build and the shipped packs."""
    found = []
    for folder in folders:
        fresh = {file.name for file in (built / folder).iterdir()}
        present = {file.name for file in (shipped / folder).iterdir()} if (shipped / folder).is_dir() else set()
        for name in sorted(fresh | present):
            if name not in present:
                found.append(f"{folder}/{name}: missing")
            elif name not in fresh:
                found.append(f"{folder}/{name}: not made by this tool")
            elif not filecmp.cmp(built / folder / name, shipped / folder / name, shallow=False):
                found.append(f"{folder}/{name}: differs from a fresh build")
    return found


def report(problems: list[str]) -> int:
    """Print what is wrong, or that nothing is; the exit code."""
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems)} problems" if problems else "region packs: all as they must be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
