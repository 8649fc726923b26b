import Analysis
import NetworkModel
import TestSupport
import Testing

/// DOMAIN 6.4: which offers have a place that counts.
struct UsableOffersTests {
    @Test func eachOfferCountsOrHasItsObstacle() {
        var town = Town()
        town.addOffer("01-address", 11, 51, precision: "address")
        town.addOffer("02-postcode", 11, 51, delivery: "mixed", precision: "postcode")
        town.addOffer("03-municipality", 11, 51, precision: "municipality")
        town.addOffer("04-unstated", 11, 51, delivery: "", precision: "coordinates")
        town.addOffer("05-actor", 11, 51, precision: "actor")
        town.addOffer("06-unstated-actor", 11, 51, delivery: "", precision: "actor")
        town.addOffer("07-online", 11, 51, delivery: "online")
        town.addOffer("08-telephone", 11, 51, delivery: "telephone")
        town.addOffer("09-print", 11, 51, delivery: "print")
        town.addOffer("10-outreach", 11, 51, delivery: "outreach")
        town.addOffer("11-word", 11, 51, delivery: "by_balloon")
        town.addOffer("12-district", district: "15081", precision: "district")
        town.addOffer("13-district-with-point", 11, 51, precision: "district")
        town.addOffer("14-none", precision: "none")
        town.addOffer("15-off-globe", 11, 91)
        town.addOffer("16-precision", 11, 51, precision: "")
        let snapshot = town.snapshot
        let usable = UsableOffers(rows: Array(0..<snapshot.offers.count), in: snapshot)
        #expect(usable.rows == [0, 1, 2, 3, 4])
        #expect(usable.positions.count == 5)
        #expect(usable.withoutDelivery == 1)
        #expect(usable.placedByMunicipality == 1)
        #expect(usable.withoutUsablePlace == 11)
        let counts = Dictionary(uniqueKeysWithValues: usable.obstacles.map { ($0.obstacle, $0.count) })
        #expect(
            counts == [
                .online: 1, .telephone: 1, .print: 1, .outreach: 1, .unknownDelivery: 1, .deliveryNotStated: 1,
                .districtOnly: 2, .notLocated: 2, .unknownPrecision: 1,
            ])
    }

    @Test func aPartOfTheOffersIsDividedAlone() {
        let snapshot = Snapshot(ExampleNetwork.tables)
        let all = UsableOffers(rows: [0, 1, 2], in: snapshot)
        #expect(all.rows == [0, 1])
        #expect(all.withoutDelivery == 2)
        #expect(all.placedByMunicipality == 2)
        #expect(all.obstacles.map(\.obstacle) == [.notLocated])
        #expect(UsableOffers(rows: [2], in: snapshot).rows.isEmpty)
    }
}
