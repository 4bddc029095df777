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

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.NatsMessage;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Updates of what a newer server has, with settings that the client doesn't know.
 */
class ServerConfigurationTests {

	private static final String STREAM = """
			{"config":{"name":"orders","subjects":["orders.>"],"retention":"workqueue","max_consumers":-1,
			"max_msgs":-1,"max_bytes":-1,"max_age":0,"max_msgs_per_subject":-1,"max_msg_size":-1,"discard":"old",
			"storage":"file","num_replicas":1,"duplicate_window":120000000000,"sealed":false,"compression":"none","consumer_limits":{}%s},
			"created":"%s","state":{"messages":0,"bytes":0,"first_seq":0,"last_seq":0,"consumer_count":0}}""";

	private static final String CREATED = "2026-01-01T00:00:00Z";

	private static final String NEWER = ",\"tiering\":{\"after\":5},\"placement\":{\"cluster\":\"a\",\"near\":\"b\"}";

	private final List<String> requests = new ArrayList<>();

	private final List<String> updates = new ArrayList<>();

	@Test
	void whenTheClientKnowsAllThenItWritesTheStream() throws Exception {
		update("", CREATED);
		assertThat(this.updates).singleElement().asString().contains("\"max_age\":86400000000000");
		assertThat(this.requests).isEmpty();
	}

	@Test
	void whenAStreamHasSettingsThatTheClientDoesntKnowThenTheyStay() throws Exception {
		update(NEWER, CREATED);
		assertThat(this.updates).isEmpty();
		assertThat(this.requests).hasSize(2);
		JsonValue sent = JsonParser.parse(this.requests.get(1).substring("$JS.API.STREAM.UPDATE.orders ".length()));
		assertThat(sent.map.get("tiering").toJson()).isEqualTo("{\"after\":5}");
		assertThat(sent.map.get("placement").map.get("near").string).isEqualTo("b");
		assertThat(sent.map.get("max_age").toJson()).isEqualTo("86400000000000");
		assertThat(sent.map.get("retention").string).isEqualTo("workqueue");
	}

	@Test
	void whenItCantBeToldThatARequestOfOurOwnMeetsTheSameStreamThenTheUpdateIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> update(NEWER, "2026-02-02T00:00:00Z"))
			.withMessageContaining("[placement, tiering]");
		assertThat(this.updates).isEmpty();
		assertThat(this.requests).hasSize(1);
	}

	@Test
	void whenAConsumerHasSettingsThatTheClientDoesntKnowThenTheyStay() throws Exception {
		ConsumerInfo info = new ConsumerInfo(JsonParser.parse("""
				{"stream_name":"orders","name":"worker","created":"%s","config":{"durable_name":"worker",
				"name":"worker","deliver_policy":"all","ack_policy":"explicit","ack_wait":30000000000,"max_deliver":-1,
				"max_ack_pending":1000,"replay_policy":"instant","fairness":{"by":2}}}""".formatted(CREATED)));
		JetStreamManagement management = management((method, arguments) -> {
			if (method.equals("updateConsumer")) {
				this.updates.add(((ConsumerConfiguration) arguments[1]).toJson());
			}
			return info;
		});
		DeclaredConsumer declared = new DeclaredConsumer("orders", "worker",
				ConsumerDefinition.named("worker").ackWait(Duration.ofSeconds(5)).maxAckPending(-1).build().settings());
		declared.update(management, info.getConsumerConfiguration(), null);
		assertThat(this.updates).singleElement()
			.asString()
			.contains("\"fairness\":{\"by\":2}", "\"ack_wait\":5000000000", "\"max_ack_pending\":-1",
					"\"max_deliver\":-1");
	}

	private void update(String more, String createdForOthers) throws Exception {
		StreamInfo info = new StreamInfo(JsonParser.parse(STREAM.formatted(more, CREATED)));
		JetStreamManagement management = management((method, arguments) -> {
			if (method.equals("updateStream")) {
				this.updates.add(String.valueOf(arguments[0]));
			}
			return info;
		});
		Connection connection = proxy(Connection.class, (method, arguments) -> {
			this.requests.add(arguments[0] + " " + new String((byte[]) arguments[1], StandardCharsets.UTF_8));
			return NatsMessage.builder().subject("answer").data(STREAM.formatted(more, createdForOthers)).build();
		});
		DeclaredStream declared = new DeclaredStream("orders",
				StreamDefinition.named("orders").maxAge(Duration.ofDays(1)).build().settings());
		declared.update(management, info.getConfiguration(), connection);
	}

	private static JetStreamManagement management(Answer answer) {
		return proxy(JetStreamManagement.class, answer);
	}

	private static <T> T proxy(Class<T> type, Answer answer) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> answer.to(method.getName(), arguments)));
	}

	@FunctionalInterface
	private interface Answer {

		Object to(String method, Object[] arguments);

	}

}
