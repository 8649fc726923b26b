import Analysis
import HTTPTypes
import NIOCore
import NetworkModel

extension Site {
    /// A public page in the language that is asked for. Its query is read leniently, as the map's is.
    func publicPage(_ page: PublicPage, _ exchange: Exchange) async throws -> Answer {
        let language = exchange.pageLanguage(of: pages.languages)
        let vary = ["Accept-Language"]
        guard page.exists(in: exchange.served.snapshot) else {
            let (html, status) = try await workers.run(for: exchange.client) { [pages] _ in
                let removal = page.record.flatMap { exchange.served.removal(of: $0.kind, $0.id) }
                let frame = PageFrame(nil, exchange, pages, language: language)
                let html = removal.map { pages.gone($0.0, $0.1, frame) } ?? pages.absent(frame)
                return (html, removal == nil ? HTTPResponse.Status.notFound : .gone)
            }
            var answer = Answer(
                .whole(Representation(ByteBuffer(bytes: html), mediaType: MediaTypes.html, isCompressible: false)),
                caching: .noStore, vary: vary)
            answer.status = status
            return answer
        }
        if case .image(let key) = page {
            let image = try await representation(
                exchange, variant: page.path, mediaType: "image/png", isCompressible: false
            ) { _ in try pages.districtImage(key, exchange.served) }
            return Answer(.whole(image), caching: .revalidate)
        }
        let choice = page == .network ? NetworkChoice(exchange.query) : NetworkChoice()
        let result = try await representation(
            exchange, variant: "\(page.path)?\(QueryParameters.encode(choice.parameters)) \(language)",
            mediaType: MediaTypes.html
        ) { cancellation in
            try pages.publicPage(
                page, choice, PageFrame(page, exchange, pages, language: language), cancellation: cancellation)
        }
        return Answer(.whole(result), caching: .revalidate, vary: vary)
    }
}

extension Exchange {
    /// The language of a page: by `lang` where there is such a one, else by `Accept-Language`, else German.
    func pageLanguage(of languages: [String]) -> String {
        if let stated = query["lang"], languages.contains(stated) { return stated }
        return languages[Negotiation.language(head.headerFields[.acceptLanguage], offers: languages)]
    }
}

extension PageRenderer {
    /// Renders a page whose subject exists.
    func publicPage(
        _ page: PublicPage, _ choice: NetworkChoice, _ frame: PageFrame, cancellation: Cancellation
    ) throws -> [UInt8] {
        switch page {
        case .offer(let id): try offer(id, frame)
        case .actor(let id): try actor(id, frame)
        case .districts: districts(frame)
        case .district(let key): try district(key, frame, cancellation)
        case .sheet(let key): try sheet(key, frame, cancellation)
        case .image(let key): try districtImage(key, frame.served)
        case .network: network(choice, frame)
        case .glossary: glossary(frame)
        case .duty(let duty): self.duty(duty, frame)
        case .absent: absent(frame)
        }
    }

    /// The page that says that there is none.
    func absent(_ frame: PageFrame) -> [UInt8] {
        var context = frame.context(title: frame.texts.text("not_found_title"))
        context["text"] = frame.texts.text("not_found_text")
        context["record"] = [String]()
        context["details"] = [String]()
        return render("absent", context)
    }

    /// The page of a record that is no longer published: what it was, since when, and what was last said of it.
    func gone(_ change: RecordChange, _ step: ChangeLog.Step, _ frame: PageFrame) -> [UInt8] {
        var context = frame.context(title: frame.texts.text("gone_title"))
        context["text"] = frame.texts.text("gone_text")
        context["record"] = change.title.map { [HTMLText.separatingMarks($0)] } ?? [String]()
        let day = ReducedDate(String(step.time.prefix(10))).map(frame.texts.date)
        context["details"] = [day, change.status.flatMap(frame.texts.status)].compactMap(\.self)
        return render("absent", context)
    }
}
