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

package io.github.jetstreamspring.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;

/**
 * Streams and consumers as resources of NACK, NATS' controller for Kubernetes.
 */
final class KubernetesResources {

	private static final Map<String, String> STREAM = Map.ofEntries(Map.entry("name", "name"),
			Map.entry("description", "description"), Map.entry("subjects", "subjects"),
			Map.entry("retention", "retention"), Map.entry("storage", "storage"), Map.entry("num_replicas", "replicas"),
			Map.entry("max_age", "maxAge:duration"), Map.entry("max_msgs", "maxMsgs"),
			Map.entry("max_bytes", "maxBytes"), Map.entry("max_msg_size", "maxMsgSize"),
			Map.entry("max_msgs_per_subject", "maxMsgsPerSubject"), Map.entry("max_consumers", "maxConsumers"),
			Map.entry("discard", "discard"), Map.entry("discard_new_per_subject", "discardPerSubject"),
			Map.entry("no_ack", "noAck"), Map.entry("duplicate_window", "duplicateWindow:duration"),
			Map.entry("compression", "compression"), Map.entry("first_seq", "firstSequence"),
			Map.entry("sealed", "sealed"), Map.entry("deny_delete", "denyDelete"), Map.entry("deny_purge", "denyPurge"),
			Map.entry("allow_rollup_hdrs", "allowRollup"), Map.entry("allow_direct", "allowDirect"),
			Map.entry("mirror_direct", "mirrorDirect"), Map.entry("allow_msg_ttl", "allowMsgTtl"),
			Map.entry("subject_delete_marker_ttl", "subjectDeleteMarkerTtl:duration"),
			Map.entry("allow_msg_counter", "allowMsgCounter"), Map.entry("allow_atomic", "allowAtomicPublish"),
			Map.entry("allow_msg_schedules", "allowMsgSchedules"), Map.entry("persist_mode", "persistMode"),
			Map.entry("metadata", "metadata"));

	private static final Map<String, Map<String, String>> STREAM_GROUPS = Map.of("placement",
			Map.of("cluster", "cluster", "tags", "tags"), "subject_transform", Map.of("src", "source", "dest", "dest"),
			"republish", Map.of("src", "source", "dest", "destination"), "consumer_limits",
			Map.of("inactive_threshold", "inactiveThreshold:duration", "max_ack_pending", "maxAckPending"));

	private static final Map<String, String> CONSUMER = Map.ofEntries(Map.entry("durable_name", "durableName"),
			Map.entry("description", "description"), Map.entry("deliver_policy", "deliverPolicy:camel"),
			Map.entry("opt_start_seq", "optStartSeq"), Map.entry("opt_start_time", "optStartTime"),
			Map.entry("ack_policy", "ackPolicy"), Map.entry("ack_wait", "ackWait:duration"),
			Map.entry("max_deliver", "maxDeliver"), Map.entry("backoff", "backoff:duration"),
			Map.entry("filter_subject", "filterSubject"), Map.entry("filter_subjects", "filterSubjects"),
			Map.entry("replay_policy", "replayPolicy"), Map.entry("sample_freq", "sampleFreq"),
			Map.entry("max_waiting", "maxWaiting"), Map.entry("rate_limit_bps", "rateLimitBps"),
			Map.entry("max_ack_pending", "maxAckPending"), Map.entry("headers_only", "headersOnly"),
			Map.entry("max_batch", "maxRequestBatch"), Map.entry("max_expires", "maxRequestExpires:duration"),
			Map.entry("max_bytes", "maxRequestMaxBytes"), Map.entry("inactive_threshold", "inactiveThreshold:duration"),
			Map.entry("pause_until", "pauseUntil"), Map.entry("priority_policy", "priorityPolicy"),
			Map.entry("priority_timeout", "pinnedTtl:duration"), Map.entry("priority_groups", "priorityGroups"),
			Map.entry("num_replicas", "replicas"), Map.entry("mem_storage", "memStorage"),
			Map.entry("metadata", "metadata"));

	private final List<Map<String, Object>> resources = new ArrayList<>();

	private final Set<String> names = new HashSet<>();

	private final List<String> omitted = new ArrayList<>();

	KubernetesResources(Topology topology) {
		for (Target target : Target.all(topology)) {
			if (target.stream() != null) {
				addStream(target.name(), target.stream().toJson());
			}
			target.consumers().forEach((consumer) -> addConsumer(target.name(), consumer));
		}
		topology.schedules()
			.forEach((schedule) -> this.omitted
				.add("schedule '%s': the application has to declare it itself".formatted(schedule.name())));
	}

	/**
	 * Returns the resources.
	 */
	List<Map<String, Object>> resources() {
		return this.resources;
	}

	/**
	 * Returns what no resource can say.
	 */
	List<String> omitted() {
		return this.omitted;
	}

	private void addStream(String name, String json) {
		Map<String, Object> spec = new LinkedHashMap<>();
		parse(json).forEach((key, value) -> {
			String label = "stream '%s': %s".formatted(name, key);
			if (STREAM_GROUPS.containsKey(key) && value.map != null) {
				spec.put(camel(key), translate(value.map, STREAM_GROUPS.get(key), label));
			}
			else if (key.equals("mirror") && value.map != null) {
				spec.put(key, source(value.map, label));
			}
			else if (key.equals("sources") && value.array != null) {
				spec.put(key, value.array.stream().map((one) -> source(one.map, label)).toList());
			}
			else {
				translate(key, value, STREAM, label, spec);
			}
		});
		// Or the messages go with the resource
		spec.put("preventDelete", true);
		add("Stream", name, spec);
	}

	private Map<String, Object> source(Map<String, JsonValue> source, String label) {
		Map<String, Object> spec = new LinkedHashMap<>();
		source.forEach((key, value) -> {
			if (key.equals("external") && value.map != null) {
				spec.putAll(translate(value.map, Map.of("api", "externalApiPrefix", "deliver", "externalDeliverPrefix"),
						label));
			}
			else if (key.equals("subject_transforms") && value.array != null) {
				spec.put("subjectTransforms",
						value.array.stream()
							.map((one) -> translate(one.map, Map.of("src", "source", "dest", "dest"), label))
							.toList());
			}
			else {
				translate(key, value, Map.of("name", "name", "opt_start_seq", "optStartSeq", "opt_start_time",
						"optStartTime", "filter_subject", "filterSubject"), label, spec);
			}
		});
		return spec;
	}

	private void addConsumer(String stream, ConsumerConfiguration consumer) {
		Map<String, JsonValue> configuration = new LinkedHashMap<>(parse(consumer.toJson()));
		// The same as the durable's
		configuration.remove("name");
		Map<String, Object> spec = new LinkedHashMap<>(Map.of("streamName", stream));
		spec.putAll(
				translate(configuration, CONSUMER, "consumer '%s' of '%s'".formatted(consumer.getDurable(), stream)));
		add("Consumer", stream + "-" + consumer.getDurable(), spec);
	}

	private Map<String, Object> translate(Map<String, JsonValue> values, Map<String, String> names, String label) {
		Map<String, Object> translated = new LinkedHashMap<>();
		values.forEach((key, value) -> translate(key, value, names, label + " " + key, translated));
		return translated;
	}

	private void translate(String key, JsonValue value, Map<String, String> names, String label,
			Map<String, Object> translated) {
		String name = names.get(key);
		if (name == null) {
			this.omitted.add(label + ": NACK has no field for it");
			return;
		}
		String[] parts = name.split(":");
		translated.put(parts[0], plain(value, (parts.length > 1) ? parts[1] : ""));
	}

	private static Object plain(JsonValue value, String form) {
		if (value.array != null) {
			return value.array.stream().map((one) -> plain(one, form)).toList();
		}
		if (value.map != null) {
			Map<String, Object> plain = new LinkedHashMap<>();
			value.map.forEach((key, one) -> plain.put(key, plain(one, form)));
			return plain;
		}
		return switch (form) {
			case "duration" -> value.toJson() + "ns";
			case "camel" -> camel(value.string);
			default -> (value.string != null) ? value.string : (value.bool != null) ? value.bool : value.number;
		};
	}

	private static String camel(String text) {
		StringBuilder camel = new StringBuilder();
		for (String word : text.split("_")) {
			camel.append(camel.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
		}
		return camel.toString();
	}

	private static Map<String, JsonValue> parse(String json) {
		try {
			JsonValue value = JsonParser.parse(json);
			return (value.map != null) ? value.map : Map.of();
		}
		catch (JsonParseException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void add(String kind, String name, Map<String, Object> spec) {
		Map<String, Object> resource = new LinkedHashMap<>();
		resource.put("apiVersion", "jetstream.nats.io/v1beta2");
		resource.put("kind", kind);
		resource.put("metadata", Map.of("name", unique(kind, name)));
		resource.put("spec", spec);
		this.resources.add(resource);
	}

	// Kubernetes takes lower case, digits and dashes
	private String unique(String kind, String name) {
		String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
		String candidate = plain.isEmpty() ? "unnamed" : plain;
		for (int i = 2; !this.names.add(kind + " " + candidate); i++) {
			candidate = plain + "-" + i;
		}
		return candidate;
	}

}
