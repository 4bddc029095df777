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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Streams and consumers as resources for NACK, NATS' controller for Kubernetes.
 */
final class NackReport {

	private NackReport() {
	}

	/**
	 * Describes what a connection's server is to have.
	 * @param connection the connection
	 * @return documents of YAML
	 */
	static String yaml(ReportedConnection connection) {
		List<String> omitted = new ArrayList<>();
		String resources = connection.topology()
			.kubernetesResources(omitted::add)
			.stream()
			.map((resource) -> "---\n" + ReportText.yaml(resource))
			.collect(Collectors.joining());
		return """
				# What connection '%s' declares. Let the application look only, where the controller
				# declares: jetstream.topology.mode validate or none.
				""".formatted(connection.name())
				+ omitted.stream().map("# Left out: %s\n"::formatted).collect(Collectors.joining()) + resources;
	}

}
