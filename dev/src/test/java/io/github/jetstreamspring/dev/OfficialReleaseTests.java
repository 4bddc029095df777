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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OfficialRelease}.
 */
class OfficialReleaseTests {

	private static final String RELEASE = "nats-server-v2.14.5-linux-amd64";

	private static final String ARCHIVE = RELEASE + ".tar.gz";

	private final Map<String, byte[]> published = new ConcurrentHashMap<>();

	@TempDir
	private Path directory;

	@TempDir
	private Path work;

	private HttpServer site;

	@BeforeEach
	void start() throws Exception {
		this.site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.site.createContext("/", this::answer);
		this.site.start();
	}

	@AfterEach
	void stop() {
		this.site.stop(0);
	}

	@Test
	void whenSumIsTheOnePinnedThenReleaseIsUnpacked() throws Exception {
		String sum = publish(archive());
		assertThat(find("2.14", sum)).isEqualTo(this.work.resolve(RELEASE + "/nats-server")).exists();
	}

	@Test
	void whenSumIsNotTheOnePinnedThenNothingIsUnpacked() throws Exception {
		publishSums(publish(archive()));
		assertUnavailable("2.14.5", "00aa  " + ARCHIVE, "the SHA-256 of " + ARCHIVE + " is ");
		assertThat(this.work.resolve(RELEASE)).doesNotExist();
	}

	@Test
	void whenSumIsNotPinnedThenPublishedOneCounts() throws Exception {
		publishSums(publish(archive()));
		assertThat(find("2.14.5", "")).exists();
		publishSums("00aa  " + ARCHIVE);
		assertUnavailable("2.14.5", "", "the SHA-256 of " + ARCHIVE + " is ");
	}

	@Test
	void whenNoSumIsKnownThenNothingIsDownloaded() throws Exception {
		publish(archive());
		publishSums("00aa  nats-server-v2.14.5-linux-arm64.tar.gz");
		assertUnavailable("2.14.5", "", "SHA256SUMS has no " + ARCHIVE);
		assertThat(this.work).isEmptyDirectory();
	}

	@Test
	void whenReleaseIsMissingThenItIsSaid() {
		assertUnavailable("2.14.5", "", address() + "/v2.14.5/SHA256SUMS answered 404");
		assertUnavailable("2.14.5", "00aa  " + ARCHIVE, address() + "/v2.14.5/" + ARCHIVE + " answered 404");
	}

	@Test
	void whenSiteCannotBeReachedThenItIsSaid() {
		String address = address();
		this.site.stop(0);
		assertThatExceptionOfType(UnavailableException.class).isThrownBy(
				() -> new OfficialRelease(new RequestedVersion("2.14.5"), "linux-amd64", "", address).find(this.work))
			.withMessageEndingWith("can't be reached");
	}

	@Test
	void whenArchiveIsNoneThenItIsSaid() throws Exception {
		String sum = publish("a page that a proxy has put in its place".getBytes(StandardCharsets.UTF_8));
		assertUnavailable("2.14.5", sum, "tar: ");
	}

	@ParameterizedTest
	@CsvSource({ "Linux, amd64, linux-amd64", "Linux, aarch64, linux-arm64", "Mac OS X, x86_64, darwin-amd64",
			"Windows 11, amd64, windows-amd64", "FreeBSD, amd64, freebsd-amd64" })
	void whenPlatformIsNamedByJavaThenItIsTranslated(String os, String arch, String platform) {
		assertThat(OfficialRelease.platform(os, arch)).isEqualTo(platform);
	}

	@ParameterizedTest
	@CsvSource({ "newest, linux-amd64", "newest, darwin-arm64", "2.10, linux-amd64", "2.10, linux-arm64" })
	void whenReleaseIsUsualThenItsSumIsPinned(String version, String platform) throws Exception {
		assertThat(OfficialRelease.PINNED).containsPattern(
				"(?m)^[0-9a-f]{64}  nats-server-v" + new RequestedVersion(version).release() + "-" + platform);
	}

	private void assertUnavailable(String version, String pinned, String reason) {
		assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> find(version, pinned))
			.withMessageStartingWith(reason);
	}

	private Path find(String version, String pinned) throws Exception {
		return new OfficialRelease(new RequestedVersion(version), "linux-amd64", pinned, address()).find(this.work);
	}

	private String address() {
		return "http://127.0.0.1:" + this.site.getAddress().getPort();
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			byte[] content = this.published.get(exchange.getRequestURI().getPath());
			exchange.sendResponseHeaders((content != null) ? 200 : 404, (content != null) ? content.length : -1);
			if (content != null) {
				exchange.getResponseBody().write(content);
			}
		}
	}

	private byte[] archive() throws Exception {
		Programs.server(this.directory.resolve(RELEASE + "/nats-server"), "2.14.5");
		Commands.onMachine(this.directory, List.of("tar", "-czf", ARCHIVE, RELEASE));
		return Files.readAllBytes(this.directory.resolve(ARCHIVE));
	}

	private String publish(byte[] archive) throws Exception {
		this.published.put("/v2.14.5/" + ARCHIVE, archive);
		return OfficialRelease.sha256(archive) + "  " + ARCHIVE;
	}

	private void publishSums(String lines) {
		this.published.put("/v2.14.5/SHA256SUMS", lines.getBytes(StandardCharsets.UTF_8));
	}

}
