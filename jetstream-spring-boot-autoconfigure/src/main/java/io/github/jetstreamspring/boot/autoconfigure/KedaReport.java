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

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.jetstreamspring.listener.ListenerDefinition;

/**
 * How KEDA scales an application by what waits for its listeners: an object of
 * Kubernetes.
 */
final class KedaReport {

	// So many messages for each handler are worth another instance
	private static final int MESSAGES_PER_HANDLER = 10;

	private static final int MOST_INSTANCES = 10;

	private final String application;

	private final List<Map<String, Object>> triggers = new ArrayList<>();

	private final List<String> omitted = new ArrayList<>();

	/**
	 * Creates a report.
	 * @param application the application's name, or that of its deployment
	 * @param connections the connections
	 */
	KedaReport(String application, List<ReportedConnection> connections) {
		this.application = application;
		connections.forEach((connection) -> connection.listeners().forEach((listener) -> add(connection, listener)));
	}

	private void add(ReportedConnection connection, ListenerDefinition listener) {
		if (Boolean.TRUE.equals(listener.options().exclusive())) {
			this.omitted
				.add("listener '%s' is exclusive, and more instances don't make it faster".formatted(listener.id()));
			return;
		}
		Integer concurrency = listener.options().concurrency();
		int lag = MESSAGES_PER_HANDLER * ((concurrency != null) ? concurrency : 1);
		Map<String, Object> metadata = new LinkedHashMap<>();
		metadata.put("natsServerMonitoringEndpoint", monitoring(connection));
		metadata.put("account", "$G");
		metadata.put("stream", listener.stream());
		metadata.put("consumer", listener.consumer());
		metadata.put("lagThreshold", Integer.toString(lag));
		Map<String, Object> trigger = new LinkedHashMap<>();
		trigger.put("type", "nats-jetstream");
		trigger.put("metadata", metadata);
		this.triggers.add(trigger);
	}

	private static String monitoring(ReportedConnection connection) {
		String url = connection.connection().getConnectedUrl();
		String host = (url != null) ? URI.create(url.contains("://") ? url : "nats://" + url).getHost() : null;
		return ((host != null) ? host : "nats") + ":8222";
	}

	@Override
	public String toString() {
		String name = this.application.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
		Map<String, Object> spec = new LinkedHashMap<>();
		spec.put("scaleTargetRef", Map.of("name", name));
		spec.put("minReplicaCount", 1);
		spec.put("maxReplicaCount", MOST_INSTANCES);
		spec.put("triggers", this.triggers);
		Map<String, Object> object = new LinkedHashMap<>();
		object.put("apiVersion", "keda.sh/v1alpha1");
		object.put("kind", "ScaledObject");
		object.put("metadata", Map.of("name", name));
		object.put("spec", spec);
		StringBuilder text = new StringBuilder("""
				# Correct the monitoring endpoint, the account, and how many instances there may be.
				# lagThreshold is ten messages for each handler of an instance.
				""");
		this.omitted.forEach((line) -> text.append("# Left out: ").append(line).append('\n'));
		return text.append(ReportText.yaml(object)).toString();
	}

}
