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

package io.github.jetstreamspring.starter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications get when they add the starter: these, and nothing else.
 */
class StarterDependenciesTests {

	@Test
	void theStarterBringsWhatEveryApplicationNeeds() throws Exception {
		assertThat(dependencies("jetstream-spring-boot-starter")).containsExactlyInAnyOrder(
				"jetstream-spring-boot-autoconfigure", "spring-boot-starter", "spring-boot-starter-jackson",
				"spring-messaging", "jnats", "micrometer-core");
	}

	@Test
	void whatOnlySomeApplicationsNeedIsOptional() throws Exception {
		assertThat(dependencies("jetstream-spring-boot-autoconfigure"))
			.containsExactlyInAnyOrder("spring-boot-autoconfigure", "spring-messaging", "jnats");
	}

	/**
	 * Returns the dependencies that a module hands on.
	 */
	private static List<String> dependencies(String module) throws Exception {
		NodeList nodes = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(Path.of("..", module, "pom.xml").toFile())
			.getElementsByTagName("dependency");
		List<String> artifacts = new ArrayList<>();
		for (int i = 0; i < nodes.getLength(); i++) {
			Element dependency = (Element) nodes.item(i);
			if (text(dependency, "optional").isEmpty() && text(dependency, "scope").isEmpty()) {
				artifacts.add(text(dependency, "artifactId"));
			}
		}
		return artifacts;
	}

	private static String text(Element dependency, String name) {
		NodeList nodes = dependency.getElementsByTagName(name);
		return (nodes.getLength() == 0) ? "" : nodes.item(0).getTextContent().strip();
	}

}
