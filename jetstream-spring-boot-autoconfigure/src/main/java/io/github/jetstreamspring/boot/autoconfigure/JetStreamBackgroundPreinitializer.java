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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.github.jetstreamspring.messaging.JetStreamMessageConverters;
import io.github.jetstreamspring.topology.Topology;
import io.nats.client.Options;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.support.JsonParser;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.ClassUtils;

/**
 * {@link BackgroundPreinitializer} for what the start of every application with a stream
 * and a consumer needs: large records that are bound, the tables of settings, the client.
 * The JVM loads their classes while the application context does something else.
 */
final class JetStreamBackgroundPreinitializer implements BackgroundPreinitializer {

	private static final Map<String, String> PROPERTIES = Map.of("jetstream.servers", "nats://localhost:4222",
			"jetstream.streams.name.subjects", "name", "jetstream.streams.name.consumers.name.ack-wait", "30s");

	private static final String STREAM = """
			{"config": {"name": "name", "subjects": ["name"]}, "created": "2026-01-01T00:00:00Z", "state": {}}""";

	private static final String CONSUMER = """
			{"stream_name": "name", "name": "name", "created": "2026-01-01T00:00:00Z", "config": {"ack_wait": 1}}""";

	@Override
	public void preinitialize() throws Exception {
		JetStreamProperties properties = new Binder(new MapConfigurationPropertySource(PROPERTIES))
			.bindOrCreate("jetstream", JetStreamProperties.class);
		Options.builder().servers(new String[] { properties.servers().get(0) }).build();
		for (StreamProperties stream : properties.streams().values()) {
			new Topology(List.of(stream.toDefinition("name"))).streams();
		}
		new StreamInfo(JsonParser.parse(STREAM));
		new ConsumerInfo(JsonParser.parse(CONSUMER));
		if (ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", getClass().getClassLoader())) {
			Json.read();
		}
	}

	/**
	 * Apart, as there may be no Jackson.
	 */
	private static final class Json {

		private static void read() {
			JetStreamMessageConverters.json(JsonMapper.shared())
				.fromMessage(
						new GenericMessage<>("{\"text\": \"text\", \"number\": 1}".getBytes(StandardCharsets.UTF_8)),
						Payload.class);
		}

	}

	/**
	 * Stands for the payloads of an application.
	 */
	private record Payload(String text, int number) {
	}

}
