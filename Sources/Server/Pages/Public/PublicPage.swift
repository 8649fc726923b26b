import NetworkModel

/// A page for people that is whole without script, beside the map.
enum PublicPage: Hashable, Sendable {
    /// One offer.
    case offer(String)
    /// One actor with what it offers and whom it works with.
    case actor(String)
    /// All districts.
    case districts
    /// A district's profile.
    case district(String)
    /// A district's offers on paper.
    case sheet(String)
    /// The picture that other sites show beside a link to a district.
    case image(String)
    /// Who works with whom.
    case network
    /// Terms from A to Z.
    case glossary
    /// A page that the law asks for.
    case duty(Duty)
    /// None: what a person sees who comes to an address where nothing is. No path reads as it.
    case absent

    /// The pages that the law asks for.
    enum Duty: String, Hashable, Sendable, CaseIterable {
        case imprint
        case privacy
        case accessibility
    }

    /// Reads the components of a path; nil where they name no such page.
    init?(_ parts: [String]) {
        switch parts {
        case ["districts"]: self = .districts
        case ["network"]: self = .network
        case ["glossary"]: self = .glossary
        default:
            if parts.count == 1, let duty = Duty(rawValue: parts[0]) {
                self = .duty(duty)
            } else if parts.count == 3, parts[0] == "districts" {
                switch parts[2] {
                case "sheet": self = .sheet(parts[1])
                case "og.png": self = .image(parts[1])
                default: return nil
                }
            } else if parts.count >= 2, !parts[1].isEmpty {
                // Identifiers may hold slashes, which some clients do not escape.
                let id = parts.dropFirst().joined(separator: "/")
                switch parts[0] {
                case "offers": self = .offer(id)
                case "actors": self = .actor(id)
                case "districts" where parts.count == 2: self = .district(id)
                default: return nil
                }
            } else {
                return nil
            }
        }
    }

    /// The path of the page, its identifier encoded.
    var path: String {
        switch self {
        case .offer(let id): "/offers/\(PercentCoding.encode(id))"
        case .actor(let id): "/actors/\(PercentCoding.encode(id))"
        case .districts: "/districts"
        case .district(let key): "/districts/\(PercentCoding.encode(key))"
        case .sheet(let key): "/districts/\(PercentCoding.encode(key))/sheet"
        case .image(let key): "/districts/\(PercentCoding.encode(key))/og.png"
        case .network: "/network"
        case .glossary: "/glossary"
        case .duty(let duty): "/\(duty.rawValue)"
        case .absent: ""
        }
    }

    /// The path with its variable parts by name.
    var template: String {
        switch self {
        case .offer: "/offers/{id}"
        case .actor: "/actors/{id}"
        case .district: "/districts/{key}"
        case .sheet: "/districts/{key}/sheet"
        case .image: "/districts/{key}/og.png"
        case .districts, .network, .glossary, .duty: path
        case .absent: "unknown"
        }
    }

    /// The record that it is about, where it is about one that can be withdrawn.
    var record: (kind: RecordKind, id: String)? {
        switch self {
        case .offer(let id): (.offers, id)
        case .actor(let id): (.actors, id)
        default: nil
        }
    }

    /// Whether it holds figures that an analysis makes.
    var isAnalysis: Bool {
        switch self {
        case .district, .sheet: true
        default: false
        }
    }

    /// Whether the snapshot holds what the page is about.
    func exists(in snapshot: Snapshot) -> Bool {
        switch self {
        case .offer(let id): snapshot.offerRows.row(of: id) != nil
        case .actor(let id): snapshot.actorRows.row(of: id) != nil
        case .district(let key), .sheet(let key), .image(let key): snapshot.districtRows.row(of: key) != nil
        case .districts, .network, .glossary, .duty: true
        case .absent: false
        }
    }
}
