"""The tables states.yaml and sources.yaml as values."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .problems import PackError

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class State:
    """One state with a pack of its own."""

    folder: str
    names: dict[str, str]
    code: str
    key_prefix: str
    crs: str
    expect: dict[str, int]
    area_tolerance: float
    area_tolerances: dict[str, float] = field(default_factory=dict)
    duties: dict[str, str] = field(default_factory=dict)

    def tolerance(self, district_key: str) -> float:
        """Largest allowed deviation of the district's area from the official table, as a share."""
        return self.area_tolerances.get(district_key, self.area_tolerance)


@dataclass(frozen=True)
class Configuration:
    """Everything that is decided in the tables and not in the code."""

    as_of: str
    context_metres: float
    shared: dict
    states: tuple[State, ...]
    network: dict[str, int]
    words: list[dict[str, str]]
    pack_limit_bytes: int
    datasets: dict[str, dict]
    documents: dict[str, dict]
    offer_urls: dict[str, str]

    @property
    def folders(self) -> list[str]:
        """Folder names of all packs, the shared one first."""
        return [self.shared["folder"], *(state.folder for state in self.states)]

    def state_of_key(self, official_key: str) -> State | None:
        """The state with a pack whose prefix the official key carries."""
        return next((state for state in self.states if official_key.startswith(state.key_prefix)), None)

    def state_of_code(self, code: str) -> State | None:
        """The state with a pack that the network's vocabulary calls by this code."""
        return next((state for state in self.states if state.code == code), None)


def load_configuration() -> Configuration:
    """Read both tables; a missing entry is an error that names it."""
    table = yaml.safe_load((FOLDER / "states.yaml").read_text(encoding="utf-8"))
    cited = yaml.safe_load((FOLDER / "sources.yaml").read_text(encoding="utf-8"))
    try:
        states = tuple(
            State(
                folder=entry["folder"],
                names=entry["names"],
                code=entry["state"],
                key_prefix=entry["key_prefix"],
                crs=entry["crs"],
                expect=entry["expect"],
                area_tolerance=entry.get("area_tolerance", table["area_tolerance"]),
                area_tolerances=entry.get("area_tolerances", {}),
                duties=entry.get("duties", {}),
            )
            for entry in table["states"]
        )
        return Configuration(
            as_of=table["as_of"],
            context_metres=table["context_metres"],
            shared=table["shared"],
            states=states,
            network=table["network"],
            words=table["words"],
            pack_limit_bytes=table["pack_limit_bytes"],
            datasets={entry["id"]: entry for entry in cited["datasets"]},
            documents={entry["document"]: entry for entry in cited["documents"]},
            offer_urls=cited["offer_urls"],
        )
    except KeyError as missing:
        raise PackError(f"states.yaml or sources.yaml: the entry {missing} is missing") from missing
