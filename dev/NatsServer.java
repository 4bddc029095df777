/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Provides the nats-server that the tests and the sample run on, at
 * <code>.nats-server/&lt;asked version&gt;/nats-server</code>, and prints its path.
 * <p>
 * Run in the project's root: <code>java dev/NatsServer.java [version]</code>, where the
 * version is <code>newest</code> (the default: 2.12 or newer), such as <code>2.10</code>
 * (the newest patch of it), or such as <code>2.14.5</code> (no other).
 */
final class NatsServer {

	/**
	 * SHA-256 of official release archives, as the official container images and the
	 * Hermit package manager pin them.
	 */
	private static final String PINNED = """
			5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355  nats-server-v2.14.5-linux-amd64.tar.gz
			673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c  nats-server-v2.14.5-linux-arm64.tar.gz
			f95c98d6b6ed2b63c5681b46b092c9585c99767d547cf495730c329234625e96  nats-server-v2.14.5-darwin-amd64.tar.gz
			ddd907854d9a2de834af133fa396915fe6442fe6d8909ae31390d1ea7a0fea50  nats-server-v2.14.5-darwin-arm64.tar.gz
			f66f840a211ab665083b88e9b7edbcf6296cda143be47e53e6f6bb8520692bbb  nats-server-v2.14.5-windows-amd64.zip
			e314da74a83a1d3876db8814c27eb990fe729640fd6452025b441bcede8390da  nats-server-v2.10.29-linux-amd64.tar.gz
			da4b27942ecfb4c5f0c54553d2e7f470ddda9d7581cfe8131b351a0e223ed401  nats-server-v2.10.29-linux-arm64.tar.gz
			98657bf4d5a9ce44168c019ba6894cda8e22e6adc8798edc05c168db7262de29  nats-server-v2.10.29-windows-amd64.zip
			""";

	private static final Map<String, String> RELEASES = Map.of("newest", "2.14.5", "2.14", "2.14.5", "2.10", "2.10.29");

	private static final String DOWNLOADS = "https://github.com/nats-io/nats-server/releases/download";

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration DOWNLOAD_TIMEOUT = Duration.ofMinutes(3);

	private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)");

	private static final Path APT_SOURCES = Path.of("/etc/apt/sources.list.d");

	private static final String MIRROR = "\\S+/debian(?:/|\\.list)?";

	private static final String SUITE = "(?:bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)";

	// Group 1: the line up to the suite
	private static final Pattern APT_LINE = Pattern
		.compile("(?m)^(deb\\s+(?:\\[.*?]\\s+)?" + MIRROR + ")\\s+" + SUITE + "\\s+main\\b");

	private static final Pattern APT_STANZA = Pattern.compile("(?ms)(?=.*^URIs:\\s*" + MIRROR
			+ "\\s*$)(?=.*^Suites:\\s*" + SUITE + "\\b)(?=.*^Components:[^\\n]*\\bmain\\b).*");

	private final String asked;

	private final Path folder = Path.of(".nats-server").toAbsolutePath();

	private final Path target;

	private final List<String> failures = new ArrayList<>();

	private NatsServer(String asked) {
		this.asked = asked;
		this.target = this.folder.resolve(asked).resolve("nats-server");
	}

	public static void main(String[] args) throws Exception {
		String asked = (args.length > 0) ? args[0] : "newest";
		if (!asked.matches("newest|\\d+\\.\\d+(\\.\\d+)?")) {
			fail("'" + asked + "' is not a nats-server version.", "Ask for 'newest', or for one like 2.14 or 2.14.5.");
		}
		NatsServer server = new NatsServer(asked);
		if (!server.satisfies(server.target) && !server.install()) {
			String wanted = asked.equals("newest") ? "2.12 or newer" : asked;
			fail("No nats-server " + wanted + " to run the tests on: " + String.join("; ", server.failures) + ".",
					"Install nats-server " + wanted + " (https://github.com/nats-io/nats-server/releases)"
							+ ", put it on the PATH and build again.");
		}
		System.out.println(server.target);
	}

	private static void fail(String missing, String remedy) {
		System.err.println(missing.replaceAll("\\s+", " "));
		System.err.println(remedy);
		System.exit(1);
	}

	private boolean install() throws Exception {
		Files.createDirectories(this.target.getParent());
		// Beside the target: builds may run at once, and only a move there is atomic
		Path work = Files.createTempDirectory(this.folder, "work-");
		try {
			return Stream.<Source>of(this::onPath, this::download, this::debianPackage)
				.anyMatch((source) -> install(source, work));
		}
		finally {
			delete(work);
		}
	}

	private boolean install(Source source, Path work) {
		try {
			Path found = source.get(work);
			found.toFile().setExecutable(true);
			if (!satisfies(found)) {
				throw new Unavailable(found.getFileName() + " does not run here as " + this.asked);
			}
			Path copy = Files.copy(found, work.resolve("nats-server"), StandardCopyOption.COPY_ATTRIBUTES);
			Files.move(copy, this.target, StandardCopyOption.ATOMIC_MOVE);
			System.err.println("nats-server " + this.asked + " comes from "
					+ (found.startsWith(work) ? work.relativize(found) : found)
					+ (this.failures.isEmpty() ? "" : " (" + String.join("; ", this.failures) + ")"));
			return true;
		}
		catch (Unavailable ex) {
			this.failures.add(ex.getMessage());
		}
		catch (Exception ex) {
			this.failures.add(ex.toString());
		}
		return false;
	}

	// ---- On the PATH

	private Path onPath(Path work) throws Unavailable {
		String path = System.getenv().getOrDefault("PATH", "");
		return Stream.of(path.split(File.pathSeparator))
			.flatMap((directory) -> Stream.of(Path.of(directory, "nats-server"), Path.of(directory, "nats-server.exe")))
			.filter(this::satisfies)
			.findFirst()
			.orElseThrow(() -> new Unavailable("none on the PATH"));
	}

	private boolean satisfies(Path executable) {
		if (!Files.isExecutable(executable) || Files.isDirectory(executable)) {
			return false;
		}
		try {
			Matcher version = VERSION.matcher(run(executable.getParent(), List.of(executable.toString(), "--version")));
			if (!version.find()) {
				return false;
			}
			int major = Integer.parseInt(version.group(1));
			int minor = Integer.parseInt(version.group(2));
			return switch (this.asked) {
				case "newest" -> major > 2 || (major == 2 && minor >= 12);
				default -> ("v" + this.asked).equals(version.group()) || this.asked.equals(major + "." + minor);
			};
		}
		catch (Exception ex) {
			return false;
		}
	}

	// ---- Official release

	private Path download(Path work) throws Exception {
		String version = RELEASES.getOrDefault(this.asked, this.asked);
		if (!version.matches("\\d+\\.\\d+\\.\\d+")) {
			throw new Unavailable("no download without a patch version");
		}
		String name = "nats-server-v" + version + "-" + platform();
		String archive = name + (name.contains("windows") ? ".zip" : ".tar.gz");
		String base = System.getenv().getOrDefault("NATS_SERVER_DOWNLOADS", DOWNLOADS) + "/v" + version + "/";
		HttpClient client = HttpClient.newBuilder()
			.connectTimeout(CONNECT_TIMEOUT)
			.followRedirects(Redirect.NORMAL)
			.build();
		String sums = PINNED.contains(archive) ? PINNED : fetch(client, base + "SHA256SUMS", BodyHandlers.ofString());
		String expected = sum(sums, archive);
		Path file = fetch(client, base + archive, BodyHandlers.ofFile(work.resolve(archive)));
		byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
		String actual = String.format("%064x", new BigInteger(1, digest));
		if (!actual.equals(expected)) {
			throw new Unavailable("the SHA-256 of " + archive + " is " + actual + " instead of " + expected);
		}
		// GNU tar knows .tar.gz, the tar of Windows also .zip
		run(work, List.of("tar", "-xf", archive));
		return work.resolve(name).resolve(name.contains("windows") ? "nats-server.exe" : "nats-server");
	}

	private static String platform() {
		String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
		String os = name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "darwin" : name;
		String arch = switch (System.getProperty("os.arch")) {
			case "amd64", "x86_64" -> "amd64";
			case "aarch64" -> "arm64";
			default -> System.getProperty("os.arch");
		};
		return os + "-" + arch;
	}

	private static String sum(String sums, String archive) throws Unavailable {
		return sums.lines()
			.map((line) -> line.split("\\s+\\*?"))
			.filter((columns) -> columns.length == 2 && columns[1].equals(archive))
			.map((columns) -> columns[0])
			.findFirst()
			.orElseThrow(() -> new Unavailable("SHA256SUMS has no " + archive));
	}

	private static <T> T fetch(HttpClient client, String uri, BodyHandler<T> handler) throws Exception {
		try {
			HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(ANSWER_TIMEOUT).build();
			HttpResponse<T> response = client.sendAsync(request, handler)
				.get(DOWNLOAD_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			if (response.statusCode() != 200) {
				throw new Unavailable(uri + " answered " + response.statusCode());
			}
			return response.body();
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new Unavailable(URI.create(uri).getHost() + " can't be reached");
		}
	}

	// ---- Debian's packages

	private Path debianPackage(Path work) throws Exception {
		Path release = Path.of("/etc/os-release");
		if (!Files.exists(release) || !Files.readAllLines(release).contains("ID=debian")) {
			throw new Unavailable("no Debian packages on this system");
		}
		// Only trixie has 2.10; forky had 2.15.1 when this was written
		List<String> suites = this.asked.startsWith("2.10") ? List.of("trixie") : List.of("forky", "sid");
		for (String suite : suites) {
			Path root = Files.createDirectory(work.resolve(suite));
			try {
				unpackFrom(suite, root);
				Path executable = root.resolve("usr/sbin/nats-server");
				if (satisfies(executable)) {
					return executable;
				}
			}
			catch (IOException ex) {
				this.failures.add(ex.getMessage());
			}
		}
		throw new Unavailable("not in Debian's " + String.join(" or ", suites));
	}

	private static void unpackFrom(String suite, Path root) throws Exception {
		for (String directory : List.of("lists/partial", "cache/archives/partial")) {
			Files.createDirectories(root.resolve(directory));
		}
		List<String> apt = List.of("apt-get", "-q", "-o", "Dir::Etc::sourcelist=" + sources(suite, root), "-o",
				"Dir::Etc::sourceparts=-", "-o", "Dir::State::lists=" + root.resolve("lists"), "-o",
				"Dir::Cache=" + root.resolve("cache"), "-o", "Acquire::Languages=none", "-o",
				"Acquire::http::Timeout=20", "-o", "Acquire::Retries=1", "-o",
				"APT::Sandbox::User=" + System.getProperty("user.name"));
		run(root, concat(apt, "update"));
		run(root, concat(apt, "download", "nats-server"));
		try (Stream<Path> files = Files.list(root)) {
			Path archive = files.filter((file) -> file.toString().endsWith(".deb"))
				.findFirst()
				.orElseThrow(() -> new IOException("no package"));
			run(root, List.of("dpkg", "-x", archive.toString(), root.toString()));
		}
	}

	/**
	 * Writes a source list for the suite that has the machine's own mirror and keys.
	 */
	private static Path sources(String suite, Path root) throws IOException {
		List<Path> files = new ArrayList<>(List.of(Path.of("/etc/apt/sources.list")));
		if (Files.isDirectory(APT_SOURCES)) {
			try (Stream<Path> parts = Files.list(APT_SOURCES)) {
				parts.sorted().forEach(files::add);
			}
		}
		for (Path file : files) {
			String content = Files.exists(file) ? Files.readString(file).replaceAll("(?m)^\\s*#.*\\R", "") : "";
			Matcher line = APT_LINE.matcher(content);
			if (file.toString().endsWith(".list") && line.find()) {
				return Files.writeString(root.resolve("debian.list"), line.group(1) + " " + suite + " main\n");
			}
			for (String stanza : content.split("\\R\\s*\\R")) {
				if (file.toString().endsWith(".sources") && APT_STANZA.matcher(stanza).matches()) {
					return Files.writeString(root.resolve("debian.sources"),
							stanza.strip()
								.replaceAll("(?m)^Suites:.*", "Suites: " + suite)
								.replaceAll("(?m)^Components:.*", "Components: main") + "\n");
				}
			}
		}
		throw new IOException("no Debian mirror in /etc/apt");
	}

	// ---- Helpers

	private static String run(Path directory, List<String> command) throws Exception {
		Process process;
		try {
			process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
		}
		catch (IOException ex) {
			throw new Unavailable(command.get(0) + " can't be run");
		}
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IOException(command.get(0) + ": " + output.strip().replaceAll("(?s).*\\R", ""));
		}
		return output;
	}

	private static List<String> concat(List<String> command, String... arguments) {
		return Stream.concat(command.stream(), Stream.of(arguments)).toList();
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
	}

	private interface Source {

		Path get(Path work) throws Exception;

	}

	private static final class Unavailable extends Exception {

		private static final long serialVersionUID = 1L;

		Unavailable(String reason) {
			super(reason);
		}

	}

}
