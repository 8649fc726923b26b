extension Field {
    /// Where a record is: shared by actors and offers.
    fileprivate static let place = [
        Field("place", .text, de: "Ort", en: "Place"),
        Field("street", .text, de: "Straße und Hausnummer", en: "Street and number"),
        Field("postcode", .code, de: "Postleitzahl", en: "Postcode"),
        Field("district_key", .code, de: "Kreisschlüssel", en: "District key"),
        Field("municipality_key", .code, de: "Gemeindeschlüssel", en: "Municipality key"),
        Field("precision", .code, vocabulary: "precision", de: "Genauigkeit der Lage", en: "Precision of the position"),
    ]

    /// How an organisation is reached: never a person's.
    fileprivate static let contact = [
        Field("url", .text, de: "Internetadresse", en: "Web address"),
        Field("phone", .text, de: "Telefon der Organisation", en: "Organisation's telephone", isContact: true),
        Field("email", .text, de: "E-Mail der Organisation", en: "Organisation's e-mail", isContact: true),
        Field(
            "opening_hours_kind", .code, vocabulary: "opening_hours_kind",
            de: "Art der Öffnungszeiten (unknown, closed, by_appointment, hours)",
            en: "Kind of opening hours (unknown, closed, by_appointment, hours)"),
        Field("opening_hours", .text, de: "Öffnungszeiten", en: "Opening hours"),
        Field("accessibility", .text, de: "Barrierefreiheit", en: "Accessibility"),
    ]

    /// Where a record comes from and how it may be shown.
    fileprivate static let provenance = [
        Field("publish", .code, vocabulary: "publish", de: "Veröffentlichung", en: "Publication"),
        Field.sourceID,
        Field("source_date", .date, de: "Stand der Angabe", en: "Date of the statement"),
        Field.region,
    ]

    fileprivate static let languages = Field(
        "languages", .codeList, vocabulary: "language", de: "Sprachen", en: "Languages")
}

extension RecordSchema {
    /// Organisations and bodies (HSDS 3: organization and location).
    public static let actors = RecordSchema(
        .actors, geometry: .point,
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("name", .text, de: "Name", en: "Name", isRequired: true),
            Field("short_name", .text, de: "Kurzname", en: "Short name"),
            Field("description", .text, de: "Beschreibung", en: "Description"),
            Field("sector", .code, vocabulary: "sector", de: "Sektor", en: "Sector"),
            Field("kind", .code, vocabulary: "kind", de: "Art", en: "Kind"),
            Field("state", .code, vocabulary: "state", de: "Land", en: "State"),
            Field("parent_id", .code, de: "Übergeordnete Stelle", en: "Parent body"),
            Field.languages,
        ] + Field.place + Field.contact + Field.provenance)

    /// What actors offer (HSDS 3: service, service at location, schedule, cost option).
    public static let offers = RecordSchema(
        .offers, geometry: .point,
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("actor_id", .code, de: "Anbieter", en: "Provider"),
            Field("title", .text, de: "Titel", en: "Title", isRequired: true),
            Field("description", .text, de: "Beschreibung", en: "Description"),
            Field("category", .code, vocabulary: "category", de: "Art des Angebots", en: "Category"),
            Field("topics", .codeList, vocabulary: "topic", de: "Themen", en: "Topics"),
            Field("audiences", .codeList, vocabulary: "audience", de: "Zielgruppen", en: "Audiences"),
            Field.languages,
            Field("delivery", .code, vocabulary: "delivery", de: "Form", en: "Delivery"),
            Field("served_keys", .codeList, de: "Einzugsgebiet (Schlüssel)", en: "Service area (keys)"),
            Field("valid_from", .date, de: "Beginn", en: "Begin"),
            Field("valid_to", .date, de: "Ende", en: "End"),
            Field("capacity", .integer, unit: "{people}", de: "Plätze", en: "Capacity"),
            Field("cost", .text, de: "Kosten", en: "Cost"),
            Field(
                "participants", .integer, unit: "{people}", de: "Teilnehmende (berichtet)",
                en: "Participants (reported)"),
            Field("sessions", .integer, unit: "1", de: "Termine (berichtet)", en: "Sessions (reported)"),
            Field("booking_url", .text, de: "Anmeldung", en: "Booking"),
        ] + Field.place + Field.contact + Field.provenance)

    /// Relations between actors, or between an actor and an offer.
    public static let links = RecordSchema(
        .links, identity: ["from_id", "to_id", "kind"],
        [
            Field("id", .text, de: "Kennung", en: "Identifier", isRequired: true),
            Field("from_id", .code, de: "Von", en: "From", isRequired: true),
            Field("from_name", .text, de: "Von (Name)", en: "From (name)"),
            Field("to_id", .code, de: "Zu", en: "To", isRequired: true),
            Field("to_name", .text, de: "Zu (Name)", en: "To (name)"),
            Field("kind", .code, vocabulary: "link_kind", de: "Art", en: "Kind"),
            Field("since", .date, de: "Seit", en: "Since"),
            .sourceID, .region,
        ])
}
