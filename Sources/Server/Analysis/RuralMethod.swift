import Analysis
import NetworkModel

/// The rural index in words and figures: what every answer about it says of its method.
enum RuralMethod {
    /// What stands beside published values.
    static let publishedNote = Localized(
        de: "Veröffentlichte Einzelwerte des Thünen-Instituts (2016), nur zum Vergleich: keine Berechnung benutzt sie",
        en: "Single published values of the Thünen Institute (2016), for comparison only: no computation uses them"
    ).json

    /// What people are counted by.
    static let base: JSON = [
        "population_potential": "census_cells", "access": "census_cells", "settlement_density": "register",
    ]

    /// Standardisation, component and thresholds.
    static func method(_ index: RuralIndex) -> JSON {
        let dates = index.indicators.dates
        let list = { (values: [String]) -> JSON in .array(values.map(JSON.string)) }
        var members: [(String, JSON)] = [
            ("component", "first principal component of the correlation matrix"),
            ("basis", .string(index.basis.rawValue)),
            ("comparable_between_states", .bool(index.basis == .calibration)),
            ("calibration", index.calibration?.name.map(JSON.string) ?? .null),
            ("calibration_regions", index.calibration.map { .integer($0.regions) } ?? .null),
            ("calibration_data", index.calibration?.dataDate.map(JSON.string) ?? .null),
            ("explained_variance", index.calibration.map { .real($0.explainedVariance) } ?? .null),
            (
                "thresholds",
                [
                    "very_rural": .real(RuralCalibration.veryRuralFrom), "rather_rural": .real(RuralCalibration.rural),
                ]
            ),
            (
                "data_dates",
                [
                    "population": list(dates.population), "land_use": list(dates.landUse),
                    "buildings": list(dates.buildings), "cities": list(dates.cities),
                ]
            ),
        ]
        members.append(
            (
                "indicators",
                .array(
                    RuralIndicator.allCases.map { indicator in
                        let value = { (values: RuralValues?) -> JSON in values.map { .real($0[indicator]) } ?? .null }
                        return [
                            "name": .string(indicator.rawValue), "title": indicator.title.json,
                            "unit": .string(indicator.unit), "mean": value(index.calibration?.means),
                            "deviation": value(index.calibration?.deviations),
                            "loading": value(index.calibration?.loadings), "weight": value(index.calibration?.weights),
                        ]
                    })
            ))
        return .object(members)
    }

    /// How the degree of urbanisation was computed, and how far it agrees with the official one.
    static func urbanisation(_ degree: DegreeOfUrbanisation) -> JSON {
        [
            "method": Localized(
                de: """
                    Grad der Verstädterung nach dem Handbuch von Eurostat (Ausgabe 2021), Stufen 1 und 2, aus dem \
                    1-km-Gitter mit Umgebungszellen; ohne Land- und Bebauungsanteile je Zelle; Zellen zählen zur Gemeinde \
                    ihres Mittelpunkts
                    """,
                en: """
                    Degree of urbanisation by Eurostat's manual (2021 edition), levels 1 and 2, from the 1-km grid with \
                    context cells; no shares of land and built-up area per cell; a cell counts for the municipality of \
                    its centre
                    """
            ).json,
            "level1_codes": ["1": "city", "2": "town or suburb", "3": "rural area"],
            "level2_codes": [
                "30": "city", "23": "dense town", "22": "semi-dense town", "21": "suburb", "13": "village",
                "12": "dispersed rural area", "11": "mostly uninhabited area",
            ],
            "compared_with_official_level1": .integer(degree.compared), "agreeing": .integer(degree.agreeing),
            "cells_off_grid": .integer(degree.cellsOffGrid),
        ]
    }
}

extension RuralIndicator {
    fileprivate var unit: String {
        switch self {
        case .settlementDensity: "ln({people}/km2)"
        case .openLand, .smallHouses: "1"
        case .potential, .access: "{people}/km"
        }
    }

    fileprivate var title: Localized {
        switch self {
        case .settlementDensity:
            Localized(
                de: "Logarithmus der Einwohner je km² Siedlungs- und Verkehrsfläche",
                en: "Logarithm of people per km² of settlement and traffic area")
        case .openLand:
            Localized(de: "Anteil der Landwirtschafts- und Waldfläche", en: "Share of farm- and woodland")
        case .smallHouses:
            Localized(
                de: "Anteil der Ein- und Zweifamilienhäuser", en: "Share of one- and two-family houses")
        case .potential:
            Localized(de: "Bevölkerungspotenzial in 50 km Umkreis", en: "Population potential within 50 km")
        case .access:
            Localized(
                de: "Erreichbarkeit der fünf nächsten Großstädte", en: "Access to the five nearest large cities")
        }
    }
}

extension Definition {
    /// The degree of urbanisation, which the answers about rurality hold at the level of municipalities.
    static let degreeOfUrbanisation = Definition(
        name: "degree_of_urbanisation", version: 1,
        title: Localized(de: "Grad der Verstädterung", en: "Degree of urbanisation"),
        text: Localized(
            de: """
                Nach „Applying the degree of urbanisation, a methodological manual“ (Eurostat und andere, Ausgabe 2021, \
                ISBN 978-92-76-20306-3), Stufen 1 und 2, aus dem 1-km-Gitter; Zellen der Umgebung nehmen an den \
                Siedlungen teil, Klassen zählen die eigenen Zellen. Städtische Zentren: Zellen ab 1.500 Einwohnern, die \
                sich mit den Seiten berühren, zusammen ab 50.000, Lücken gefüllt; dichte Siedlungen: dasselbe ab 5.000. \
                Städtische Siedlungen: Zellen ab 300, die sich berühren, zusammen ab 5.000; mindestens 2 km von Zentren \
                und dichten Siedlungen halbdicht, sonst vorstädtisch. Ländliche Siedlungen: ab 300 je Zelle, zusammen 500 \
                bis 5.000; sonst ab 50 je Zelle geringe, darunter sehr geringe Dichte. Stufe 1: 1 mindestens die Hälfte \
                der Einwohner in städtischen Zentren, 3 mehr als die Hälfte in ländlichen Zellen, sonst 2; Stufe 2 nach \
                der Art der Zellen, in denen die meisten von ihnen leben. Abweichend vom amtlichen Verfahren ohne Land- \
                und Bebauungsanteile je Zelle; Zellen zählen zur Gemeinde ihres Mittelpunkts.
                """,
            en: """
                By "Applying the degree of urbanisation, a methodological manual" (Eurostat and others, 2021 edition, ISBN \
                978-92-76-20306-3), levels 1 and 2, from the 1-km grid; context cells take part in the clusters, classes \
                count the own cells. Urban centres: cells of at least 1,500 people that touch with their sides, 50,000 or \
                more in all, gaps filled; dense clusters: the same from 5,000. Urban clusters: cells of at least 300 that \
                touch, 5,000 or more in all; at least 2 km from centres and dense clusters semi-dense, else suburban. \
                Rural clusters: at least 300 in each cell, 500 up to 5,000 in all; else from 50 in a cell low, below it \
                very low density. Level 1: 1 with at least half of the people in urban centres, 3 with more than half in \
                rural cells, else 2; level 2 by the kind of cells in which most of them live. Unlike the official \
                procedure without shares of land and built-up area of cells; a cell counts for the municipality of its \
                centre.
                """))

    /// The rural index.
    static let rural = Definition(
        name: "rural", version: 1,
        title: Localized(de: "Ländlichkeit (eigener Index)", en: "Rurality (own index)"),
        text: Localized(
            de: """
                Eigene Berechnung, nicht der veröffentlichte Index. Fünf Indikatoren je Gebiet: ln der Einwohner (Register) \
                je km² Siedlungs- und Verkehrsfläche; Anteil der Landwirtschafts- und Waldfläche; Anteil der Wohngebäude \
                mit 1 oder 2 Wohnungen (ohne Wohnheime); Bevölkerungspotenzial: Summe der Einwohner aller Zensuszellen in \
                50 km Umkreis, geteilt durch die Entfernung (mindestens 1 km), berechnet an jeder bewohnten Zelle und mit \
                deren Einwohnern gemittelt, nur deutsche Zellen; Erreichbarkeit: Summe der Einwohner der fünf nächsten \
                Städte ab 100 000 Einwohnern, geteilt durch die Entfernung (mindestens 5 km), ebenso gemittelt. \
                Entfernungen: Luftlinie, geodätisch auf GRS 80. Jeder Indikator z-standardisiert; erste Hauptkomponente \
                der Korrelationsmatrix, Anteil der Landwirtschafts- und Waldfläche lädt positiv, Varianz 1. Klassen: ab \
                0,5 sehr ländlich, ab -0,2 eher ländlich, sonst nicht ländlich.
                """,
            en: """
                Own computation, not the published index. Five indicators per area: ln of people (register) per km² of \
                settlement and traffic area; share of agricultural and forest area; share of residential buildings with 1 \
                or 2 dwellings (without dormitories); population potential: the people of all census cells within 50 km, \
                each divided by the distance (at least 1 km), evaluated at every inhabited cell and averaged by its people, \
                German cells only; access: the people of the five nearest cities of at least 100,000, each divided by the \
                distance (at least 5 km), averaged likewise. Distances: straight line, geodesic on GRS 80. Each indicator \
                is z-standardised; first principal component of the correlation matrix, the share of farm- and woodland \
                loads positive, unit variance. Classes: from 0.5 very rural, from -0.2 rather rural, else not rural.
                """))
}
