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

package io.github.jetstreamspring.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is published has all that Maven Central demands, the rest isn't published, and the
 * BOM names what is.
 */
class PublishedModulesTests {

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	private static final String PREFIX = "jetstream-spring-boot-";

	private static final String BOM = PREFIX + "bom";

	@Test
	void modulesAreLibrariesByTheirNames() throws Exception {
		assertThat(modules()).contains(BOM, PREFIX + "starter", PREFIX + "test");
	}

	@ParameterizedTest
	@MethodSource("modules")
	void onlyLibrariesArePublished(String module) throws Exception {
		Document pom = pom(module);
		String expected = module.startsWith(PREFIX) ? "" : "true";
		for (String key : List.of("maven.deploy.skip", "maven.source.skip", "maven.javadoc.skip", "cyclonedx.skip")) {
			assertThat(text(pom, "/project/properties/*[name()='" + key + "']")).as(key).isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@MethodSource("published")
	void whatIsPublishedSaysWhatItIs(String module) throws Exception {
		Document pom = pom(module);
		assertThat(text(pom, "/project/name")).isNotEmpty();
		assertThat(text(pom, "/project/description")).isNotEmpty();
		// The rest is inherited, but not by the BOM, which has no parent
		Document owner = text(pom, "/project/parent").isEmpty() ? pom : pom("");
		for (String path : List.of("url", "licenses/license/name", "licenses/license/url", "developers/developer/name",
				"developers/developer/url", "scm/connection", "scm/developerConnection", "scm/url")) {
			assertThat(text(owner, "/project/" + path)).as(path).isNotEmpty();
		}
	}

	@ParameterizedTest
	@MethodSource("published")
	void aReleaseIsSignedAndHasJavadoc(String module) throws Exception {
		Document pom = pom(module);
		Document owner = text(pom, "/project/parent").isEmpty() ? pom : pom("");
		String plugins = "/project/profiles/profile[id='release']/build/plugins/plugin[artifactId='%s']/artifactId";
		assertThat(text(owner, plugins.formatted("maven-gpg-plugin"))).isNotEmpty();
		assertThat(text(owner, plugins.formatted("central-publishing-maven-plugin"))).isNotEmpty();
		if (text(pom, "/project/packaging").isEmpty()) {
			String maker = Files.exists(ROOT.resolve(module).resolve("src/main/java")) ? "maven-javadoc-plugin"
					: "maven-jar-plugin";
			assertThat(text(owner, plugins.formatted(maker)) + text(pom, plugins.formatted(maker))).contains(maker);
		}
	}

	@Test
	void theBomHasAllThatIsPublishedInItsOwnVersion() throws Exception {
		Document bom = pom(BOM);
		assertThat(texts(bom, "/project/dependencyManagement/dependencies/dependency/artifactId"))
			.containsExactlyInAnyOrderElementsOf(
					published().filter((module) -> !module.isEmpty() && !module.equals(BOM)).toList());
		assertThat(texts(bom, "/project/dependencyManagement/dependencies/dependency/version"))
			.containsOnly("${project.version}");
		assertThat(text(bom, "/project/version")).isEqualTo(text(pom(""), "/project/version"));
	}

	@ParameterizedTest
	@MethodSource("published")
	void twoBuildsCanMakeTheSameBytes(String module) throws Exception {
		Document pom = pom(module);
		Document owner = text(pom, "/project/parent").isEmpty() ? pom : pom("");
		assertThat(text(owner, "/project/properties/project.build.outputTimestamp")).isNotEmpty();
	}

	static Stream<String> modules() throws Exception {
		return texts(pom(""), "/project/modules/module").stream();
	}

	// The parent too, without which nobody can read the others
	static Stream<String> published() throws Exception {
		return Stream.concat(Stream.of(""), modules().filter((module) -> module.startsWith(PREFIX)));
	}

	private static Document pom(String module) throws Exception {
		return DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(ROOT.resolve(module).resolve("pom.xml").toFile());
	}

	private static String text(Document pom, String path) throws XPathExpressionException {
		return String.join("", texts(pom, path)).strip();
	}

	private static List<String> texts(Document pom, String path) throws XPathExpressionException {
		NodeList nodes = (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, pom, XPathConstants.NODESET);
		return IntStream.range(0, nodes.getLength()).mapToObj((i) -> nodes.item(i).getTextContent()).toList();
	}

}
