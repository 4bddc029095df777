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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DebianPackage}.
 */
class DebianPackageTests {

	private static final String LINE = "deb [trusted=yes] http://m/debian bookworm main contrib\n";

	private static final String STANZA = """
			Types: deb
			# http://old/archive/debian/20250520T000000Z
			URIs: http://m/debian
			Suites: bookworm bookworm-updates
			Components: main contrib
			Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
			""";

	private static final String SECURITY = """
			Types: deb
			URIs: http://m/debian-security
			Suites: bookworm-security
			Components: main
			""";

	private final List<List<String>> commands = new ArrayList<>();

	private boolean hasPackage = true;

	@TempDir
	private Path etc;

	@TempDir
	private Path work;

	@BeforeEach
	void debian() throws IOException {
		Files.writeString(this.etc.resolve("os-release"), "NAME=\"Debian GNU/Linux\"\nID=debian\n");
		Files.createDirectories(this.etc.resolve("apt/sources.list.d"));
	}

	@Test
	void whenMirrorHasPackageThenItIsUnpackedFromNewerSuite() throws Exception {
		write("sources.list", LINE);
		assertThat(find()).isEqualTo(this.work.resolve("usr/sbin/nats-server")).exists();
		assertThat(this.commands).extracting((command) -> command.get(0)).containsExactly("apt-get", "apt-get", "dpkg");
		assertThat(this.commands.get(0)).endsWith("update");
		assertThat(this.commands.get(1)).endsWith("download", "nats-server");
	}

	@Test
	void whenAptRunsThenListsOfMachineStayAsTheyAre() throws Exception {
		write("sources.list", LINE);
		find();
		assertThat(this.commands.subList(0, 2)).allSatisfy((command) -> assertThat(command).contains(
				"Dir::Etc::sourcelist=" + this.work.resolve("debian.list"), "Dir::Etc::sourceparts=-",
				"Dir::State::lists=" + this.work.resolve("lists"), "Dir::Cache=" + this.work.resolve("cache")));
	}

	@Test
	void whenMirrorIsLineThenItsOptionsStay() throws Exception {
		write("sources.list", "# deb http://old/debian bookworm main\n");
		write("sources.list.d/other.list", "deb http://m/postgresql bookworm main\n" + LINE);
		find();
		assertThat(this.work.resolve("debian.list")).hasContent("deb [trusted=yes] http://m/debian forky main");
	}

	@Test
	void whenMirrorIsStanzaThenItsKeysStay() throws Exception {
		write("sources.list.d/debian.sources", SECURITY + "\n" + STANZA);
		find();
		assertThat(this.work.resolve("debian.sources")).hasContent("""
				Types: deb
				URIs: http://m/debian
				Suites: forky
				Components: main
				Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
				""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "deb-src http://m/debian bookworm main", "deb http://m/debian bookworm contrib",
			"deb http://m/ubuntu noble main", SECURITY })
	void whenSourceIsOfSomethingElseThenItIsNotTaken(String source) throws Exception {
		write("sources.list.d/one.list", source);
		write("sources.list.d/two.sources", source);
		assertUnavailable("no Debian mirror in " + this.etc.resolve("apt"));
		assertThat(this.commands).isEmpty();
	}

	@Test
	void whenSystemIsAnotherThenAptIsNotRun() throws Exception {
		write("sources.list", LINE);
		Files.writeString(this.etc.resolve("os-release"), "ID=ubuntu\nID_LIKE=debian\n");
		assertUnavailable("no Debian packages on this system");
		Files.delete(this.etc.resolve("os-release"));
		assertUnavailable("no Debian packages on this system");
		assertThat(this.commands).isEmpty();
	}

	@Test
	void whenNothingIsDownloadedThenItIsSaid() throws Exception {
		write("sources.list", LINE);
		this.hasPackage = false;
		assertUnavailable("no package in Debian's forky");
	}

	@Test
	void whenVersionIsAskedForThenSuitesThatMayHaveItAreSearched() {
		assertThat(suites("newest")).containsExactly("forky", "sid");
		assertThat(suites("2.14.5")).containsExactly("forky", "sid");
		assertThat(suites("2.10")).containsExactly("trixie");
		assertThat(suites("2.10.27")).containsExactly("trixie");
	}

	private List<String> suites(String version) {
		return DebianPackage.of(new RequestedVersion(version), this.etc, this::run)
			.stream()
			.map(DebianPackage::suite)
			.toList();
	}

	private void write(String file, String content) throws IOException {
		Files.writeString(this.etc.resolve("apt").resolve(file), content);
	}

	private void assertUnavailable(String reason) {
		assertThatExceptionOfType(UnavailableException.class).isThrownBy(this::find).withMessage(reason);
	}

	private Path find() throws Exception {
		return new DebianPackage("forky", this.etc, this::run).find(this.work);
	}

	// Does what apt and dpkg would
	private String run(Path directory, List<String> command) throws IOException {
		this.commands.add(command);
		if (command.contains("download") && this.hasPackage) {
			Files.writeString(directory.resolve("nats-server_2.15.1-1_amd64.deb"), "the package");
		}
		if (command.get(0).equals("dpkg")) {
			assertThat(Path.of(command.get(2))).hasContent("the package");
			Programs.server(Path.of(command.get(3), "usr/sbin/nats-server"), "2.15.1");
		}
		return "";
	}

}
