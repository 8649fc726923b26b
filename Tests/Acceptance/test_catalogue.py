"""What changed, the catalogue and the exchange of services, of the built binary on the real pack, read by others."""

import html5lib
import json
import re
import shutil
import xml.etree.ElementTree as ElementTree

import openapi_spec_validator
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from project import ROOT, ProjectTest, ServedPackTest, Server, eventually, kompass, ogr_count

DCATDE = rdflib.Namespace("http://dcat-ap.de/def/dcatde/")
ATOM = "{http://www.w3.org/2005/Atom}"


class CatalogueTest(ServedPackTest):
    def catalogue(self):
        response = self.server.get("/api/catalogue")
        self.assertEqual(response.status, 200)
        graph = rdflib.Graph()
        graph.parse(data=response.body, format="json-ld")
        return graph

    def test_the_catalogue_is_dcat_ap_de(self):
        graph = self.catalogue()
        [catalogue] = graph.subjects(RDF.type, DCAT.Catalog)
        for name in [DCTERMS.title, DCTERMS.description, DCAT.dataset, FOAF.homepage]:
            self.assertTrue(list(graph.objects(catalogue, name)), name)
        collections = self.server.json("/api/collections")["collections"]
        datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
        self.assertEqual(datasets, set(graph.objects(catalogue, DCAT.dataset)))
        self.assertEqual({str(graph.value(each, DCTERMS.identifier)) for each in datasets},
                         {collection["id"] for collection in collections})
        [key] = set(graph.objects(None, DCATDE.politicalGeocodingURI))
        self.assertEqual(str(key), "http://dcat-ap.de/def/politicalGeocoding/stateKey/15")
        for dataset in datasets:
            languages = {title.language for title in graph.objects(dataset, DCTERMS.title)}
            self.assertEqual(languages, {"de", "en"})
            for name in [DCTERMS.description, DCAT.keyword, DCAT.theme, DCTERMS.modified, DCTERMS.provenance,
                         DCAT.landingPage, DCAT.distribution]:
                self.assertTrue(list(graph.objects(dataset, name)), (dataset, name))
            # Some offers state neither begin nor end: their time is open on both sides.
            is_open = str(graph.value(dataset, DCTERMS.identifier)) == "offers"
            self.assertEqual(bool(graph.value(dataset, DCTERMS.temporal)), not is_open)
            # The pack states no publisher, so none is claimed.
            self.assertFalse(list(graph.objects(dataset, DCTERMS.publisher)))
            for file in graph.objects(dataset, DCAT.distribution):
                self.assertEqual(graph.value(file, RDF.type), DCAT.Distribution)
                self.assertTrue(graph.value(file, DCAT.accessURL))
                self.assertTrue(graph.value(file, DCATDE.licenseAttributionByText))
                for address in graph.objects(file, DCAT.downloadURL):
                    head = self.server.request("HEAD", str(address).removeprefix(self.server.base))
                    self.assertEqual(head.status, 200, address)
        licences = {
            str(graph.value(dataset, DCTERMS.identifier)):
                {str(licence) for file in graph.objects(dataset, DCAT.distribution)
                 for licence in graph.objects(file, DCTERMS.license)}
            for dataset in datasets}
        for name in ["districts", "municipalities", "population"]:
            self.assertEqual(licences[name], {"http://dcat-ap.de/def/licenses/dl-by-de/2.0"})
        self.assertEqual(licences["offers"], set())

    def test_pages_carry_schema_org(self):
        ids = [feature["id"] for feature in self.server.json("/api/collections/offers/items?limit=200")["features"]]
        for identifier in ids:
            page = self.server.get(f"/api/collections/offers/items/{identifier}?f=html")
            document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.body.decode())
            [block] = [each for each in document.iter("script")]
            self.assertEqual(block.get("type"), "application/ld+json")
            graph = rdflib.Graph()
            # The context is an address on another host: the vocabulary stands for it.
            data = json.loads(block.text)
            self.assertEqual(data["@context"], "https://schema.org")
            graph.parse(data=json.dumps(data | {"@context": {"@vocab": "https://schema.org/"}}), format="json-ld")
            self.assertTrue(list(graph.subjects(RDF.type, rdflib.URIRef("https://schema.org/Service"))))

    def test_hsds_has_every_organisation_and_service(self):
        export = self.server.json("/api/hsds")
        self.assertEqual(len(export["organization"]), 131)
        self.assertEqual(len(export["service"]), 93)
        self.assertEqual({row["status"] for row in export["service"]}, {"active", "inactive"})
        self.assertLessEqual({row["code"] for row in export["language"]}, {
            "ar", "bg", "bs", "de", "el", "en", "fa", "fr", "hr", "it", "ku", "pl", "ro", "ru", "sh", "sr", "tr", "uk",
            "vi", "zh", "zza"})
        self.assertNotIn("@", json.dumps({name: export[name] for name in ["organization", "service", "location"]}))

    def test_the_sitemap_lists_pages(self):
        robots = self.server.get("/robots.txt").body.decode()
        [address] = re.findall(r"^Sitemap: (.*)$", robots, re.M)
        tree = ElementTree.fromstring(self.server.get(address.removeprefix(self.server.base)).body)
        places = [each.text for each in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
        self.assertGreater(len(places), 14 + 218 + 131 + 93)
        for place in places[::25]:
            self.assertEqual(self.server.get(place.removeprefix(self.server.base)).status, 200, place)

    def test_the_openapi_document_is_valid(self):
        openapi_spec_validator.validate(self.server.json("/api/openapi.json"))


class ChangesTest(ProjectTest):
    def test_a_withdrawn_offer_is_gone_and_the_change_is_told(self):
        project = self.folder / "kompass.gpkg"
        self.load("sachsen-anhalt", project)
        packs = self.folder / "Data"
        shutil.copytree(ROOT / "Data", packs)
        offers = packs / "sachsen-anhalt" / "offers.csv"
        lines = offers.read_text(encoding="utf-8").splitlines(keepends=True)
        identifier = lines[1].split(",")[0]
        offers.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
        region = packs / "sachsen-anhalt" / "region.yaml"
        text = region.read_text(encoding="utf-8")
        region.write_text(text.replace("offers: 81", "offers: 80"), encoding="utf-8")
        server = Server(project)
        self.addCleanup(server.close)
        page = f"/api/collections/offers/items/{identifier}"
        version = server.json("/api/changes")["data_version"]
        status = server.json(page)["properties"]["status"]
        result = kompass("load", packs / "sachsen-anhalt", "--into", project)
        self.assertEqual(result.returncode, 0, result.stderr)
        eventually(lambda: server.json("/api/changes")["data_version"] != version, "the server has new data: it")
        changes = server.json(f"/api/changes?since={version}")
        self.assertTrue(changes["is_complete"])
        [step] = changes["steps"]
        [removed] = [each for each in step["changes"] if each["kind"] == "offers"]
        self.assertEqual((removed["change"], removed["id"], removed["status"]), ("removed", identifier, status))
        gone = server.get(page, Accept="application/geo+json")
        self.assertEqual(gone.status, 410)
        self.assertEqual(json.loads(gone.body)["record"]["status"], status)
        html = server.get(page, Accept="text/html")
        self.assertEqual(html.status, 410)
        html5lib.HTMLParser(strict=True).parse(html.body.decode())
        self.assertIn(status, html.body.decode())
        self.assertEqual(server.get(page + "-never").status, 404)
        feed = ElementTree.fromstring(server.get("/api/changes.atom").body)
        for name in ["id", "title", "updated", "author"]:
            self.assertIsNotNone(feed.find(ATOM + name), name)
        entries = feed.findall(ATOM + "entry")
        self.assertTrue(any(identifier in link.get("href") for entry in entries for link in entry.iter(ATOM + "link")))
        for entry in entries:
            for name in ["id", "title", "updated"]:
                self.assertIsNotNone(entry.find(ATOM + name), name)
        self.assertEqual(feed.find(ATOM + "updated").text, step["changed_at"])
        html5lib.HTMLParser(strict=True).parse(server.get("/api/changes?f=html").body.decode())
        # The log is a table that any GIS opens.
        self.assertEqual(ogr_count(project, "changes"), len(step["changes"]))
        before = project.read_bytes()
        self.assertEqual(kompass("load", packs / "sachsen-anhalt", "--into", project).returncode, 0)
        self.assertEqual(project.read_bytes(), before)
