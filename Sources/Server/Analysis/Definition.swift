/// What an analysis computes, in words: part of every answer, so that a figure can be defended.
///
/// The version rises with every change that can change a figure.
struct Definition: Sendable, Hashable {
    /// The name in answers.
    let name: String
    /// The version of the definition.
    let version: Int
    /// The title.
    let title: Localized
    /// How the figures come about.
    let text: Localized

    /// As it stands in answers.
    var json: JSON {
        [
            "name": .string(name), "version": .integer(version), "title": title.json, "text": text.json,
        ]
    }
}

extension Definition {
    /// All definitions, in the order in which they are listed.
    static let all: [Definition] = [
        .coverage, .coverageCurve, .coverageSeries, .gaps, .access, .nearest, .siting, .rural, .degreeOfUrbanisation,
    ]

    /// Each definition's name and version: what is kept beyond a run of the program and carries figures depends on them.
    static var versions: [String] { all.map { "\($0.name) \($0.version)" } }

    /// The figures of areas.
    static let coverage = Definition(
        name: "coverage", version: 1,
        title: Localized(de: "Versorgung je Gebiet", en: "Coverage by area"),
        text: Localized(
            de: """
                Entfernung: kürzester geodätischer Weg auf dem Ellipsoid GRS 80 von der Mitte jeder bewohnten eigenen \
                Gitterzelle zum nächsten ausgewählten Angebot mit brauchbarem Ort, auch jenseits von Kreis- und \
                Landesgrenzen. Brauchbar: Form vor Ort oder gemischt (oder keine Form, aber ein eigener Ort), \
                verortet auf Koordinaten, Adresse, Postleitzahl, Gemeinde oder (wo die Zuordnung es sagt) den \
                Anbieter; online, Telefon, Druck und nur auf den Kreis verortete zählen nie für Entfernungen. Mittel, \
                Median, p90 und Höchstwert sind mit den Einwohnern der Zellen gewichtet; ein Quantil ist die kleinste \
                Entfernung, bis zu der die Einwohner zusammen den Anteil q aller Einwohner erreichen. distance_median_cells_m zählt jede \
                bewohnte Zelle einmal. people_within: Entfernung höchstens der Radius; gap_people: größer; beide \
                zusammen sind people. distance_gini: Gini-Koeffizient der Entfernungen d über Einwohner w, \
                ΣΣ wᵢ wⱼ |dᵢ - dⱼ| / (2 W² · Mittel), W die Summe der w. gap_area_m2: \
                Fläche des Gebiets ohne die Umkreise der Angebote (Kreise aus 256 geodätischen Punkten), \
                covered_area_m2: der Rest. access_2sfca: gleitende Einzugsbereiche in zwei Schritten, das Angebot je \
                Einwohner im Umkreis catchment (jedes Angebot 1, oder seine Plätze), gemittelt über Einwohner: Σ wᵢ Aᵢ / W mit \
                Aᵢ = Σ Rⱼ über die Angebote j im Umkreis der Zelle i und Rⱼ = Angebot j / Einwohner im Umkreis von j; \
                access_e2sfca: dasselbe mit Gewichten je Entfernungsstufe. Angebote je 10.000 Einwohner beziehen sich \
                auf das Melderegister, je 100 km² auf die geodätische Fläche. sector_evenness: Entropie der Akteure \
                hier über Verwaltung, Wirtschaft und Zivilgesellschaft, geteilt durch ln 3. Angaben mit outreach_ \
                zählen die Entfernung 0, wo ein aufsuchendes Angebot mit einem Einzugsgebiet von höchstens einem \
                Kreis hinkommt.
                """,
            en: """
                Distance: the shortest geodesic on the ellipsoid GRS 80 from the centre of each inhabited own grid \
                cell to the nearest selected offer with a usable place, across borders of districts and states too. \
                Usable: delivered on site or mixed (or no delivery stated, but a place of its own), located to \
                coordinates, address, postcode, municipality or (where the mapping says so) the actor; online, \
                telephone, print and what is located to a district only never count for distances. Mean, median, p90 \
                and maximum are weighted with the people of the cells; a quantile is the smallest distance whose \
                cumulated people reach the share q of all people. distance_median_cells_m counts each inhabited cell once. \
                people_within: distance at most the radius; gap_people: more than that; both add up to people. \
                distance_gini: Gini coefficient of the distances d over people w, \
                ΣΣ wᵢ wⱼ |dᵢ - dⱼ| / (2 W² · mean), W the sum of the w. gap_area_m2: the area without the discs \
                around offers (256 geodesic vertices each), covered_area_m2: the rest. access_2sfca: two-step floating \
                catchment, the supply per person within catchment (each offer 1, or its places), averaged over people: Σ wᵢ Aᵢ / W with \
                Aᵢ = Σ Rⱼ over the offers j in reach of cell i and Rⱼ = supply of j / people in reach of j; \
                access_e2sfca: the same with weights by bands of distance. Offers per 10,000 inhabitants refer to the \
                register of residents, per 100 km² to the geodesic area. sector_evenness: entropy of the actors here \
                over administration, business and civil society, divided by ln 3. Figures with outreach_ count the \
                distance as 0 where an outreach offer comes whose service area is at most one district.
                """))

    /// The coverage curve.
    static let coverageCurve = Definition(
        name: "coverage_curve", version: 1,
        title: Localized(de: "Versorgungskurve", en: "Coverage curve"),
        text: Localized(
            de: """
                Wie viele Einwohner ein ausgewähltes Angebot im Umkreis haben, für jeden Kilometer bis 50; Entfernungen \
                wie in der Definition coverage.
                """,
            en: """
                How many people have a selected offer within each radius, every kilometre up to 50; distances as in the \
                definition coverage.
                """))

    /// The figures of areas over time.
    static let coverageSeries = Definition(
        name: "coverage_series", version: 1,
        title: Localized(de: "Versorgung im Verlauf", en: "Coverage over time"),
        text: Localized(
            de: """
                Die Entfernungen der Definition coverage an jedem Tag, an dem ein ausgewähltes Angebot beginnt, und an \
                jedem Tag nach einem letzten Tag; die erste Zeile jedes Gebiets ist der Stand davor. Angebote ohne \
                Zeitangabe laufen immer. gap_people_change: um wie viel mehr Einwohner jenseits des Radius leben als \
                einen Schritt zuvor, also was wegbricht, wenn Angebote enden.
                """,
            en: """
                The distances of the definition coverage on each day on which a selected offer begins, and on each day \
                after a last day; the first row of each area is the state before. Offers without dates always run. \
                gap_people_change: how many more people live beyond the radius than a step before, so what breaks when \
                offers end.
                """))

    /// What no offer reaches.
    static let gaps = Definition(
        name: "gaps", version: 1,
        title: Localized(de: "Lücken der Versorgung", en: "Gaps of coverage"),
        text: Localized(
            de: """
                Die Gebiete ohne die Umkreise der ausgewählten Angebote mit brauchbarem Ort: Kreise aus 256 \
                geodätischen Punkten, im metrischen Koordinatensystem der Region abgezogen, am Gebiet abgeschnitten; \
                Flächen sind geodätisch. Einwohner zählen allein nach der Entfernung ihrer Zelle: jede Zelle jenseits \
                des Radius gehört zu der Lücke ihres Gebiets, in der sie liegt, sonst zur nächsten dort.
                """,
            en: """
                The areas without the discs around the selected offers with a usable place: 256 geodesic vertices each, \
                subtracted in the metric coordinate system of the region, clipped to the area; areas are geodesic. \
                People count by the distance of their cell alone: each cell beyond the radius belongs to the gap of its \
                area that holds it, else to the nearest one there.
                """))

    /// The nearest offer of each cell.
    static let access = Definition(
        name: "access", version: 1,
        title: Localized(de: "Nächstes Angebot je Zelle", en: "Nearest offer of each cell"),
        text: Localized(
            de: """
                Für jede bewohnte eigene Gitterzelle das nächste ausgewählte Angebot mit brauchbarem Ort und der \
                geodätische Weg dorthin (GRS 80), unter gleich weit entfernten das erste nach seiner Kennung. Aus diesen \
                Entfernungen sind alle Angaben der Definition coverage gemacht.
                """,
            en: """
                For each inhabited own grid cell the nearest selected offer with a usable place and the geodesic way to \
                it (GRS 80); of several at the same distance the first by its identifier. All figures of the definition \
                coverage are made from these distances.
                """))

    /// The nearest offers of a point.
    static let nearest = Definition(
        name: "nearest", version: 1,
        title: Localized(de: "Nächste Angebote", en: "Nearest offers"),
        text: Localized(
            de: """
                Die ausgewählten Angebote mit brauchbarem Ort in der Reihenfolge ihrer geodätischen Entfernung (GRS 80) \
                vom gefragten Ort, gleich weit entfernte nach ihrer Kennung; bearing_deg ist die Richtung, in der der \
                kürzeste Weg beginnt, in Grad im Uhrzeigersinn von Nord.
                """,
            en: """
                The selected offers with a usable place in the order of their geodesic distance (GRS 80) from the place \
                asked about, equal ones by their identifiers; bearing_deg is the direction in which the shortest way sets \
                out, degrees clockwise from north.
                """))

    /// Where further offers would help most.
    static let siting = Definition(
        name: "siting", version: 1,
        title: Localized(de: "Standorte für weitere Angebote", en: "Places for further offers"),
        text: Localized(
            de: """
                Welche der möglichen Orte zusammen am meisten bringen, die ausgewählten Angebote mit brauchbarem Ort \
                bleiben, wo sie sind. mclp: möglichst viele Einwohner im Umkreis radius eines Angebots (Church und \
                ReVelle 1974); p-median: möglichst kurze Wege zum nächsten Angebot im Mittel über Einwohner (Hakimi \
                1964). Entfernungen wie in der Definition coverage. Gierige Auswahl, Tausch, bis keiner mehr hilft, dann \
                Schranken: objective ist, was erreicht wird (Einwohner, die hinzukommen, oder die Summe der Wege), \
                objective_bound, was keine andere Auswahl übertrifft, proven_optimal, ob das Erreichte nicht zu \
                übertreffen ist. Die Zeilen stehen in der Reihenfolge, in der jeder Ort am meisten hinzufügt.
                """,
            en: """
                Which of the possible places help most together, the selected offers with a usable place staying where \
                they are. mclp: as many people as possible within radius of an offer (Church and ReVelle 1974); p-median: \
                as short ways as possible to the nearest offer, on average over people (Hakimi 1964). Distances as in the \
                definition coverage. A greedy choice, exchanges until none helps, then bounds: objective is what is \
                achieved (people gained, or the sum of the ways), objective_bound what no other choice exceeds, \
                proven_optimal whether nothing better is possible. Rows stand in the order in which each place adds \
                most.
                """))
}
