"""Actors, offers, relations, figures and words of the network, each row in exactly one pack."""

from dataclasses import dataclass
from pathlib import Path

from .configuration import Configuration
from .problems import PackError, require
from .tables import open_source, read_csv

TABLES = ["actors", "offers", "links", "indicators", "vocabulary", "glossary"]

FIELDS = {
    "actors": [
        "id", "name", "short_name", "sector", "kind", "state", "place", "district_key", "street", "postcode", "url",
        "parent_id", "publish", "source_id",
    ],
    "offers": [
        "id", "actor_id", "title", "category", "topics", "audiences", "languages", "delivery", "place",
        "district_key", "served_keys", "valid_from", "valid_to", "participants", "sessions", "url", "publish",
        "source_id",
    ],
    "links": ["id", "from_id", "from_name", "to_id", "to_name", "kind", "since", "source_id"],
    "indicators": [
        "id", "key", "label_de", "label_en", "value", "unit", "area_key", "year", "qualifier", "source_id",
    ],
    "vocabulary": ["field", "key", "label_de", "label_en"],
    "glossary": ["term", "explanation_de", "explanation_en", "source_id"],
}  # fmt: skip

# What the documents report of an organisation is public; protected places would be `district_only`.
PUBLISH = "full"

NATIONWIDE = "DE"


@dataclass(frozen=True)
class Network:
    """Rows by pack folder and table."""

    rows: dict[str, dict[str, list[dict[str, str]]]]


def build_network(data: Path, configuration: Configuration) -> Network:
    """Read the network's tables and give every row to one pack."""
    tables = {name: read_csv(open_source(data, f"netzwerk/{name}.csv")) for name in TABLES}
    for name, count in configuration.network.items():
        require(len(tables[name]) == count, f"netzwerk/{name}.csv: {len(tables[name])} rows instead of {count}")
    shared = configuration.shared["folder"]
    rows = {folder: {name: [] for name in TABLES} for folder in configuration.folders}

    actors = {actor["id"]: actor for actor in tables["actors"]}
    home, names = {}, {}
    for actor in tables["actors"]:
        state = configuration.state_of_code(actor["state"])
        home[actor["id"]] = state.folder if state else shared
        names[actor["id"]] = actor["name"]
    for offer in tables["offers"]:
        require(offer["id"] not in home, f"netzwerk/offers.csv: the id {offer['id']} is in use already")
        home[offer["id"]] = offer_home(offer, actors, configuration)
        names[offer["id"]] = offer["title"]

    for actor in tables["actors"]:
        require(not actor["parent_id"] or actor["parent_id"] in actors, f"actor {actor['id']}: unknown parent_id")
        rows[home[actor["id"]]]["actors"].append(actor_row(actor, configuration))
    urls = dict(configuration.offer_urls)
    for offer in tables["offers"]:
        row = offer_row(offer, urls.pop(offer["id"], ""), configuration)
        rows[home[offer["id"]]]["offers"].append(row)
    require(not urls, f"sources.yaml: offer_urls names unknown offers: {sorted(urls)}")
    for link in tables["links"]:
        rows[link_home(link, home, shared)]["links"].append(link_row(link, names, configuration))
    for indicator in tables["indicators"]:
        row = indicator_row(indicator, configuration)
        state = configuration.state_of_key(row["area_key"])
        rows[state.folder if state else shared]["indicators"].append(row)
    rows[shared]["vocabulary"] = vocabulary(tables["vocabulary"], configuration.words)
    for entry in tables["glossary"]:
        rows[shared]["glossary"].append(
            {
                "term": entry["term"],
                "explanation_de": entry["explanation_de"],
                "explanation_en": entry["explanation_en"],
                "source_id": source_id(entry["source"], configuration),
            }
        )
    for folder in rows:
        for name in ("actors", "offers", "links", "indicators"):
            rows[folder][name].sort(key=lambda row: row["id"])
    return Network(rows)


def vocabulary(rows: list[dict[str, str]], words: list[dict[str, str]]) -> list[dict[str, str]]:
    """The network's words with those of the configuration, each behind the last one of its field that precedes it."""
    result = list(rows)
    for word in words:
        keys = [(row["field"], row["key"]) for row in result]
        require((word["field"], word["key"]) not in keys, f"states.yaml: the word {word['key']} is in the network's")
        before = [
            place for place, (field, key) in enumerate(keys) if field == word["field"] and key < word["key"]
        ]
        require(bool(before), f"states.yaml: no word of the network precedes {word['field']} {word['key']}")
        result.insert(before[-1] + 1, word)
    return result


def offer_home(offer: dict[str, str], actors: dict[str, dict[str, str]], configuration: Configuration) -> str:
    """Pack of an offer: by its district, else by the only state it serves, else by its actor."""
    shared = configuration.shared["folder"]
    if offer["ags5"]:
        state = configuration.state_of_key(offer["ags5"])
        return state.folder if state else shared
    served = {key[:2] for key in official_keys(offer["served_ags5"], configuration)}
    if len(served) == 1:
        state = configuration.state_of_key(served.pop())
        return state.folder if state else shared
    if offer["actor_id"]:
        require(offer["actor_id"] in actors, f"offer {offer['id']}: unknown actor_id {offer['actor_id']}")
        state = configuration.state_of_code(actors[offer["actor_id"]]["state"])
        return state.folder if state else shared
    return shared


def link_home(link: dict[str, str], home: dict[str, str], shared: str) -> str:
    """Pack of a relation: the one state pack among its ends, the shared pack for none or for two different ones."""
    for end in ("from_id", "to_id"):
        require(link[end] in home, f"netzwerk/links.csv: unknown {end} {link[end]}")
    states = {home[link["from_id"]], home[link["to_id"]]} - {shared}
    return states.pop() if len(states) == 1 else shared


def actor_row(actor: dict[str, str], configuration: Configuration) -> dict[str, str]:
    """An actor in the pack's columns."""
    row = {name: actor[name] for name in FIELDS["actors"] if name in actor}
    row["district_key"] = actor["ags5"]
    row["url"] = web_address(actor["url"])
    row["publish"] = PUBLISH
    row["source_id"] = source_id(actor["source"], configuration)
    return row


def offer_row(offer: dict[str, str], url: str, configuration: Configuration) -> dict[str, str]:
    """An offer in the pack's columns."""
    row = {name: offer[name] for name in FIELDS["offers"] if name in offer}
    row["district_key"] = offer["ags5"]
    row["served_keys"] = ";".join(official_keys(offer["served_ags5"], configuration))
    row["url"] = web_address(url)
    row["publish"] = PUBLISH
    row["source_id"] = source_id(offer["source"], configuration)
    return row


def link_row(link: dict[str, str], names: dict[str, str], configuration: Configuration) -> dict[str, str]:
    """A relation with the names of both ends, so that it reads when the pack of one end is not loaded."""
    return {
        "id": f"{link['from_id']}--{link['kind']}--{link['to_id']}",
        "from_id": link["from_id"],
        "from_name": names[link["from_id"]],
        "to_id": link["to_id"],
        "to_name": names[link["to_id"]],
        "kind": link["kind"],
        "since": link["since"],
        "source_id": source_id(link["source"], configuration),
    }


def indicator_row(indicator: dict[str, str], configuration: Configuration) -> dict[str, str]:
    """A figure of a document, with the official key of its area."""
    area = indicator["ags5_or_state"]
    area_key = NATIONWIDE if area == NATIONWIDE else official_key(area, configuration)
    return {
        "id": indicator_id(indicator["key"], area_key, indicator["year"]),
        "key": indicator["key"],
        "label_de": indicator["label_de"],
        "label_en": indicator["label_en"],
        "value": indicator["value"],
        "unit": indicator["unit"],
        "area_key": area_key,
        "year": indicator["year"],
        "qualifier": indicator["qualifier"],
        "source_id": source_id(indicator["source"], configuration),
    }


def indicator_id(key: str, area_key: str, year: str) -> str:
    """Id of a figure; key, area and year are unique together."""
    return "--".join(part for part in (key, area_key, year) if part)


def official_keys(listed: str, configuration: Configuration) -> list[str]:
    """Official keys from a list of district keys and state codes."""
    return [official_key(entry, configuration) for entry in listed.split(";") if entry]


def official_key(entry: str, configuration: Configuration) -> str:
    """A district key as it is, a state's code as the state's two-digit key."""
    if entry.isdigit():
        return entry
    state = configuration.state_of_code(entry)
    if state is None:
        raise PackError(f"netzwerk: the state code {entry} has no key; add the state to states.yaml")
    return state.key_prefix


def source_id(document: str, configuration: Configuration) -> str:
    """Id of the source behind a document's file name, which itself never ships."""
    entry = configuration.documents.get(document.split("_")[0])
    if entry is None:
        raise PackError(f"netzwerk: sources.yaml has no entry for the document {document}")
    return entry["id"]


def web_address(printed: str) -> str:
    """The printed address as a URL: documents leave the scheme out."""
    return printed if not printed or "://" in printed else f"https://{printed}"
