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
    static let all: [Definition] = [.coverage, .access, .nearest]

    /// The figures of areas.
    static let coverage = Definition(
        name: "coverage", version: 1,
        title: Localized(de: "Versorgung je Gebiet", en: "Coverage by area"),
        text: Localized(
            de: """
                Entfernung: kürzester geodätischer Weg auf dem Ellipsoid GRS 80 von der Mitte jeder bewohnten eigenen \
                Gitterzelle zum nächsten ausgewählten Angebot mit brauchbarem Ort, auch jenseits von Kreis- und \
                Landesgrenzen. Brauchbar: Form vor Ort oder gemischt (oder keine Form, aber ein eigener Ort), verortet \
                auf Koordinaten, Adresse, Postleitzahl, Gemeinde oder (wo die Zuordnung es sagt) den Anbieter; online, \
                Telefon, Druck und nur auf den Kreis verortete zählen nie für Entfernungen. Mittel, Median, p90 und \
                Höchstwert sind mit Einwohnern der Zellen gewichtet; ein Quantil ist die kleinste Entfernung, bis zu \
                der der Anteil der Einwohner erreicht ist. distance_median_cells_m zählt jede bewohnte Zelle einmal. \
                people_within: Entfernung höchstens der Radius; gap_people: größer; beide zusammen sind people. Angebote je \
                10.000 Einwohner beziehen sich auf das Melderegister, je 100 km² auf die geodätische Fläche.
                """,
            en: """
                Distance: the shortest geodesic on the ellipsoid GRS 80 from the centre of each inhabited own grid cell \
                to the nearest selected offer with a usable place, across borders of districts and states too. Usable: \
                delivered on site or mixed (or no delivery stated, but a place of its own), located to coordinates, \
                address, postcode, municipality or (where the mapping says so) the actor; online, telephone, print and \
                what is located to a district only never count for distances. Mean, median, p90 and maximum are weighted \
                with the people of the cells; a quantile is the smallest distance that the share of people does not \
                exceed. distance_median_cells_m counts each inhabited cell once. people_within: distance at most the \
                radius; gap_people: more than that; both add up to people. Offers per 10,000 inhabitants refer to the \
                register of residents, per 100 km² to the geodesic area.
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
}
