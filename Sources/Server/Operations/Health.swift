import HTTPTypes

extension Site {
    /// The process runs and answers.
    func live() -> Answer { Answer(json: ["status": "live"], caching: .noStore) }

    /// The process has data to answer from. A failed reload does not make it less ready: it says so and serves on.
    func ready() -> Answer {
        let account = current.account
        return Answer(
            json: [
                "status": "ready", "data_version": .string(current.served.version),
                "reloads": .integer(account.succeeded), "failed_reloads": .integer(account.failed),
                "last_reload": account.isFailing ? "failed" : "good",
            ], caching: .noStore)
    }
}
