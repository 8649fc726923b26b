internal import CPROJ

/// A coordinate reference system as far as Kompass needs to know it: plain values, looked up once in PROJ's database.
public struct CoordinateReferenceSystem: Hashable, Sendable {
    /// The order in which the authority lists the two horizontal axes.
    public enum AxisOrder: Hashable, Sendable {
        /// x first: longitude/latitude or easting/northing (OGC:CRS84, EPSG:25832, EPSG:3857).
        case eastNorth
        /// y first: latitude/longitude or northing/easting (EPSG:4326, EPSG:4258, EPSG:3035, EPSG:31467).
        case northEast
        /// Neither, as around the poles.
        case other
    }

    /// The register: `EPSG`, `OGC`, `ESRI`; nil for a WKT that no register knows.
    public let authority: String?
    /// The code within the register.
    public let code: String?
    /// The full name, "ETRS89 / UTM zone 32N".
    public let name: String
    /// The order of the axes according to the authority. Inside Kompass it is always east, north.
    public let axisOrder: AxisOrder
    /// Whether coordinates are angles (degrees) and not lengths.
    public let isGeographic: Bool
    /// The length of the axes' unit in metres; nil for angles.
    public let metresPerUnit: Double?
    /// Where the CRS may be used: one box, two across the antimeridian, none where it is not known.
    public let areaOfUse: [BoundingBox<Geographic>]
    /// What PROJ makes the CRS of: a WKT where no register is exactly equal, else nil.
    let wellKnownText: String?

    /// "EPSG:25832"; the name for a CRS without a code.
    public var identifier: String {
        guard let authority, let code else { return name }
        return "\(authority):\(code)"
    }

    /// The URI of OGC's definition service, as in OGC API; nil without a code.
    public var uri: String? {
        guard let authority, let code else { return nil }
        return "http://www.opengis.net/def/crs/\(authority)/\(authority == "OGC" ? "1.3" : "0")/\(code)"
    }

    /// Whether a position lies in the area of use; true where that is not known.
    public func isUsable(at position: Coordinate<Geographic>) -> Bool {
        areaOfUse.isEmpty || areaOfUse.contains { $0.contains(position) }
    }
}

extension CoordinateReferenceSystem {
    /// Looks a CRS up.
    ///
    /// - Parameter text: `EPSG:25832`, `urn:ogc:def:crs:EPSG::3035`, `http://www.opengis.net/def/crs/EPSG/0/25832`,
    ///   `OGC:CRS84`, `urn:ogc:def:crs:OGC:1.3:CRS84`, or a WKT such as the text of a `.prj` file, for which the
    ///   register's equal is found if there is one. PROJ strings are refused: they can name files.
    /// - Throws: `GeometryError.unknownCRS`, `GeometryError.unsupportedCRS`.
    public init(_ text: String, in context: borrowing ProjContext) throws(GeometryError) {
        try self.init(text, in: context.handle)
    }

    private init(_ text: String, in context: ProjHandle) throws(GeometryError) {
        if let reference = CRSReference(text) {
            let object: ProjObject
            do {
                object = try ProjObject(
                    proj_create_from_database(
                        context.pointer, reference.authority, reference.code, PJ_CATEGORY_CRS, 0, nil
                    ),
                    in: context
                )
            } catch {
                throw .unknownCRS(text.abbreviated)
            }
            try self.init(object, identifier: reference, text: nil)
        } else {
            let object: ProjObject
            do {
                object = try ProjObject(proj_create_from_wkt(context.pointer, text, nil, nil, nil), in: context)
            } catch {
                throw .unknownCRS(text.abbreviated)
            }
            guard object.lend(proj_is_crs) != 0 else { throw .unknownCRS(text.abbreviated) }
            if let reference = object.identified() {
                try self.init(reference.text, in: context)
            } else {
                try self.init(object, identifier: nil, text: text)
            }
        }
    }

    private init(_ object: ProjObject, identifier: CRSReference?, text: String?) throws(GeometryError) {
        let context = object.context
        let name = object.lend { proj_get_name($0).map { String(cString: $0) } } ?? ""
        let shown = identifier?.text ?? name
        let horizontal = try object.horizontal(named: shown)
        switch horizontal.lend(proj_get_type) {
        case PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_GEOGRAPHIC_3D_CRS: isGeographic = true
        case PJ_TYPE_PROJECTED_CRS: isGeographic = false
        default: throw .unsupportedCRS(shown, reason: "it is neither geographic nor projected")
        }
        let axes = try horizontal.axes(named: shown)
        switch (axes[0].direction, axes[1].direction) {
        case ("east", "north"): axisOrder = .eastNorth
        case ("north", "east"): axisOrder = .northEast
        default: axisOrder = .other
        }
        metresPerUnit = isGeographic ? nil : axes[0].unit
        authority = identifier?.authority
        code = identifier?.code
        self.name = name
        wellKnownText = text

        var box = (west: 0.0, south: 0.0, east: 0.0, north: 0.0)
        let isKnown = object.lend {
            proj_get_area_of_use(context.pointer, $0, &box.west, &box.south, &box.east, &box.north, nil)
        }
        // -1000 is PROJ's "unknown".
        areaOfUse =
            isKnown != 0 && box.west > -1000
            ? BoundingBox.parts(west: box.west, south: box.south, east: box.east, north: box.north) : []
    }

    /// The definition as GeoPackage keeps it: WKT of OGC 01-009, as GDAL spells it.
    ///
    /// - Throws: `GeometryError.proj` where PROJ cannot write it so.
    public func definition(in context: borrowing ProjContext) throws(GeometryError) -> String {
        let handle = context.handle
        let object = try object(in: handle)
        let text = object.lend { proj_as_wkt(handle.pointer, $0, PJ_WKT1_GDAL, nil).map { String(cString: $0) } }
        guard let text else { throw handle.failure() }
        return text
    }

    /// Makes the PROJ object anew in a context.
    func object(in context: ProjHandle) throws(GeometryError) -> ProjObject {
        if let authority, let code {
            let pointer = proj_create_from_database(context.pointer, authority, code, PJ_CATEGORY_CRS, 0, nil)
            return try ProjObject(pointer, in: context)
        }
        return try ProjObject(proj_create_from_wkt(context.pointer, wellKnownText ?? "", nil, nil, nil), in: context)
    }
}

extension ProjObject {
    /// The register's CRS that is equal to this one, if PROJ is sure.
    fileprivate func identified() -> CRSReference? {
        for authority in ["EPSG", "OGC", "ESRI"] {
            var confidences: UnsafeMutablePointer<Int32>?
            guard let list = lend({ proj_identify(context.pointer, $0, authority, nil, &confidences) }) else {
                continue
            }
            defer {
                proj_list_destroy(list)
                proj_int_list_destroy(confidences)
            }
            // 90 and more: equal definitions under (nearly) the same name. Below that, PROJ is guessing.
            guard proj_list_get_count(list) > 0, let confidences, confidences[0] >= 90,
                let match = proj_list_get(context.pointer, list, 0)
            else { continue }
            defer { proj_destroy(match) }
            guard let authority = proj_get_id_auth_name(match, 0), let code = proj_get_id_code(match, 0) else {
                continue
            }
            return CRSReference(authority: String(cString: authority), code: String(cString: code))
        }
        return nil
    }

    /// The horizontal part of a compound CRS, the base of one that is bound to a shift to WGS 84.
    fileprivate func horizontal(named name: String) throws(GeometryError) -> ProjObject {
        switch lend(proj_get_type) {
        case PJ_TYPE_COMPOUND_CRS:
            try ProjObject(lend { proj_crs_get_sub_crs(context.pointer, $0, 0) }, in: context).horizontal(named: name)
        case PJ_TYPE_BOUND_CRS:
            try ProjObject(lend { proj_get_source_crs(context.pointer, $0) }, in: context).horizontal(named: name)
        default: self
        }
    }

    fileprivate func axes(named name: String) throws(GeometryError) -> [(direction: String, unit: Double)] {
        let system = try ProjObject(lend { proj_crs_get_coordinate_system(context.pointer, $0) }, in: context)
        guard system.lend({ proj_cs_get_axis_count(context.pointer, $0) }) >= 2 else {
            throw .unsupportedCRS(name, reason: "it has fewer than two axes")
        }
        var axes: [(direction: String, unit: Double)] = []
        for index in Int32(0)..<2 {
            var direction: UnsafePointer<CChar>?
            var unit = 0.0
            let axis: (direction: String, unit: Double)? = system.lend {
                guard
                    proj_cs_get_axis_info(context.pointer, $0, index, nil, nil, &direction, &unit, nil, nil, nil) != 0
                else { return nil }
                return direction.map { (String(cString: $0).lowercased(), unit) }
            }
            guard let axis else { throw context.failure() }
            axes.append(axis)
        }
        return axes
    }
}

extension String {
    /// At most the first 80 characters on one line: enough to recognise a definition in a message.
    fileprivate var abbreviated: String {
        let line = String(map { $0.isNewline ? " " : $0 }.prefix(81))
        return line.count > 80 ? line.prefix(80) + "…" : line
    }
}
