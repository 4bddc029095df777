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

package io.github.jetstreamspring.dev;

import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A release of the makers of nats-server, downloaded and checked.
 *
 * @param requested what is asked for
 * @param platform what it has to run on, in the words of the releases
 * @param pinned lines with the SHA-256 and the name of archives
 * @param downloads the address that has the releases
 */
record OfficialRelease(RequestedVersion requested, String platform, String pinned,
		String downloads) implements ServerSource {

	static final String DOWNLOADS = "https://github.com/nats-io/nats-server/releases/download";

	/**
	 * Those of official release archives, as the official container images and the Hermit
	 * package manager pin them.
	 */
	static final String PINNED = """
			5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355  nats-server-v2.14.5-linux-amd64.tar.gz
			673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c  nats-server-v2.14.5-linux-arm64.tar.gz
			f95c98d6b6ed2b63c5681b46b092c9585c99767d547cf495730c329234625e96  nats-server-v2.14.5-darwin-amd64.tar.gz
			ddd907854d9a2de834af133fa396915fe6442fe6d8909ae31390d1ea7a0fea50  nats-server-v2.14.5-darwin-arm64.tar.gz
			f66f840a211ab665083b88e9b7edbcf6296cda143be47e53e6f6bb8520692bbb  nats-server-v2.14.5-windows-amd64.zip
			e314da74a83a1d3876db8814c27eb990fe729640fd6452025b441bcede8390da  nats-server-v2.10.29-linux-amd64.tar.gz
			da4b27942ecfb4c5f0c54553d2e7f470ddda9d7581cfe8131b351a0e223ed401  nats-server-v2.10.29-linux-arm64.tar.gz
			98657bf4d5a9ce44168c019ba6894cda8e22e6adc8798edc05c168db7262de29  nats-server-v2.10.29-windows-amd64.zip
			""";

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration DOWNLOAD_TIMEOUT = Duration.ofMinutes(3);

	@Override
	public Path find(Path work) throws Exception {
		String version = this.requested.release();
		String name = "nats-server-v" + version + "-" + this.platform;
		boolean windows = this.platform.startsWith("windows");
		String archive = name + (windows ? ".zip" : ".tar.gz");
		String base = this.downloads.replaceAll("/+$", "") + "/v" + version + "/";
		HttpClient client = HttpClient.newBuilder()
			.connectTimeout(CONNECT_TIMEOUT)
			.followRedirects(Redirect.NORMAL)
			.build();
		String sums = this.pinned.contains(archive) ? this.pinned
				: fetch(client, base + "SHA256SUMS", BodyHandlers.ofString());
		String expected = sum(sums, archive);
		Path file = fetch(client, base + archive, BodyHandlers.ofFile(work.resolve(archive)));
		String actual = sha256(Files.readAllBytes(file));
		if (!actual.equalsIgnoreCase(expected)) {
			throw new UnavailableException("the SHA-256 of " + archive + " is " + actual + " instead of " + expected);
		}
		// GNU tar knows .tar.gz, the tar of Windows also .zip
		Commands.onMachine(work, List.of("tar", "-xf", archive));
		return work.resolve(name).resolve(windows ? "nats-server.exe" : "nats-server");
	}

	private static <T> T fetch(HttpClient client, String uri, BodyHandler<T> handler) throws Exception {
		try {
			HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(ANSWER_TIMEOUT).build();
			HttpResponse<T> response = client.sendAsync(request, handler)
				.get(DOWNLOAD_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			if (response.statusCode() != 200) {
				throw new UnavailableException(uri + " answered " + response.statusCode());
			}
			return response.body();
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new UnavailableException(URI.create(uri).getHost() + " can't be reached");
		}
	}

	private static String sum(String sums, String archive) throws UnavailableException {
		return sums.lines()
			.map((line) -> line.split("\\s+\\*?"))
			.filter((columns) -> columns.length == 2 && columns[1].equals(archive))
			.map((columns) -> columns[0])
			.findFirst()
			.orElseThrow(() -> new UnavailableException("SHA256SUMS has no " + archive));
	}

	@Override
	public String toString() {
		return "the official release";
	}

	static String sha256(byte[] content) throws Exception {
		return String.format("%064x", new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(content)));
	}

	/**
	 * Translates from Java's words.
	 */
	static String platform(String osName, String osArch) {
		String name = osName.toLowerCase(Locale.ROOT);
		String os = name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "darwin" : name;
		return os + "-" + switch (osArch) {
			case "x86_64" -> "amd64";
			case "aarch64" -> "arm64";
			default -> osArch;
		};
	}

}
