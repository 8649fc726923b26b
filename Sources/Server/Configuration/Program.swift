/// The program, as answers and the command line name it.
public enum Program {
    /// Its version (semver.org). What clients keep of another one is not taken for an answer of this one.
    public static let version = "0.1.0"
}
