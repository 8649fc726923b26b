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
            let html = try await representation(exchange, variant: "/absent \(language)", mediaType: MediaTypes.html) {
                _ in pages.absent(PageFrame(nil, exchange, pages, language: language))
            }
            var answer = Answer(.whole(html), caching: .noStore, vary: vary)
            answer.status = .notFound
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
        }
    }

    /// The page that says that there is none.
    func absent(_ frame: PageFrame) -> [UInt8] {
        render("absent", frame.context(title: frame.texts.text("not_found_title")))
    }
}
