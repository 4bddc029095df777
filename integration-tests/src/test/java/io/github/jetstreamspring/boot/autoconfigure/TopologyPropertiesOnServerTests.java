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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNats;
import io.github.jetstreamspring.test.EmbeddedNatsServer;
import io.github.jetstreamspring.test.TestConnections;
import io.github.jetstreamspring.test.TestStreams;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.github.jetstreamspring.topology.TopologyDeclarer;
import io.github.jetstreamspring.topology.TopologyException;
import io.github.jetstreamspring.topology.TopologyInitializer;
import io.github.jetstreamspring.topology.TopologyMode;
import io.github.jetstreamspring.topology.TopologyResult;
import io.nats.client.Connection;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ExtendWith(OutputCaptureExtension.class)
@EmbeddedNats
class TopologyPropertiesOnServerTests {

	// The stream that this project grew from
	private static final String ARTICLE = """
			jetstream.streams:
			  events:
			    subjects: [events.orders, events.mails, events.invoices]
			    retention: interest
			    discard: old
			    max-age: 7d
			    storage: file
			    max-messages-per-subject: 100000000
			    max-message-size: 4MB
			    consumers:
			      worker:
			        deliver-policy: all
			        ack-policy: explicit
			        ack-wait: 5s
			        max-ack-pending: -1
			""";

	private EmbeddedNatsServer server;

	private Connection connection;

	@BeforeEach
	void start(EmbeddedNatsServer embedded) throws Exception {
		this.server = embedded;
		this.connection = TestConnections.connect(this.server.url());
	}

	@AfterEach
	void stop() throws Exception {
		this.connection.close();
		TestStreams.deleteAll(this.server);
	}

	@Test
	void whenTheArticlesStreamIsDeclaredThenTheServerHasItAsWritten() throws Exception {
		assertThat(declarer().declare(topology(ARTICLE))).extracting(TopologyResult::outcome)
			.containsOnly(TopologyResult.Outcome.CREATED);
		StreamConfiguration stream = this.connection.jetStreamManagement().getStreamInfo("events").getConfiguration();
		assertThat(stream.getSubjects()).containsExactly("events.orders", "events.mails", "events.invoices");
		assertThat(stream.getRetentionPolicy()).isEqualTo(RetentionPolicy.Interest);
		assertThat(stream.getDiscardPolicy()).isEqualTo(DiscardPolicy.Old);
		assertThat(stream.getMaxAge()).isEqualTo(Duration.ofDays(7));
		assertThat(stream.getStorageType()).isEqualTo(StorageType.File);
		assertThat(stream.getMaxMsgsPerSubject()).isEqualTo(100_000_000);
		assertThat(stream.getMaximumMessageSize()).isEqualTo(4 * 1024 * 1024);
		ConsumerConfiguration consumer = this.connection.jetStreamManagement()
			.getConsumerInfo("events", "worker")
			.getConsumerConfiguration();
		assertThat(consumer.getDurable()).isEqualTo("worker");
		assertThat(consumer.getDeliverPolicy()).isEqualTo(DeliverPolicy.All);
		assertThat(consumer.getAckPolicy()).isEqualTo(AckPolicy.Explicit);
		assertThat(consumer.getAckWait()).isEqualTo(Duration.ofSeconds(5));
		assertThat(consumer.getMaxAckPending()).isEqualTo(-1);
		assertThat(consumer.getMaxDeliver()).isEqualTo(-1);
	}

	@Test
	void whenTheArticlesStreamIsDeclaredAgainThenItIsUnchanged() throws Exception {
		declarer().declare(topology(ARTICLE));
		assertThat(declarer().declare(topology(ARTICLE))).extracting(TopologyResult::outcome)
			.containsOnly(TopologyResult.Outcome.UNCHANGED);
	}

	@Test
	void whenApplicationStartsThenTopologyIsDeclaredBeforeOtherBeansStart(CapturedOutput output) throws Exception {
		run(ARTICLE).close();
		assertThat(output).containsSubsequence("Stream 'events': created",
				"Consumer 'worker' of stream 'events': created", "Earliest");
		run(ARTICLE).close();
		assertThat(output).contains("Stream 'events': unchanged");
	}

	@Test
	void whenTopologyIsWrongThenStartUpEndsWithOneAnalysisOfEverything(CapturedOutput output) throws Exception {
		declarer().declare(topology(ARTICLE));
		String wrong = ARTICLE.replace("file", "memory").replace("all", "new").replace("7d", "1ms");
		assertThatException().isThrownBy(() -> run(wrong)).havingRootCause().isInstanceOf(TopologyException.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("jetstream.streams.events.max-age can't be '1ms'")
			.contains("jetstream.streams.events.max-age: It takes 100ms or more, at most 100 years, or 0 for no limit.")
			.contains("jetstream.streams.events.storage is 'file' on the server and can't be changed to 'memory'")
			.contains("jetstream.streams.events.storage: Set it back, or declare a stream of another name")
			.contains("jetstream.streams.events.consumers.worker.deliver-policy is 'all' on the server"
					+ " and can't be changed to 'new'");
	}

	private GenericApplicationContext run(String yaml) throws IOException {
		Topology topology = topology(yaml);
		ApplicationContextInitializer<GenericApplicationContext> beans = (context) -> {
			context.registerBean(Earliest.class);
			context.registerBean(TopologyInitializer.class, () -> new TopologyInitializer(declarer(), topology));
		};
		return (GenericApplicationContext) new SpringApplicationBuilder(Object.class).web(WebApplicationType.NONE)
			.initializers(beans)
			.run();
	}

	private TopologyDeclarer declarer() {
		try {
			return new TopologyDeclarer(this.connection.jetStreamManagement(),
					() -> this.connection.getServerInfo().getVersion(), TopologyMode.UPDATE);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Topology topology(String yaml) throws IOException {
		Binder binder = new Binder(ConfigurationPropertySources.from(new YamlPropertySourceLoader().load("test",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))));
		List<StreamDefinition> definitions = binder
			.bind("jetstream.streams", Bindable.mapOf(String.class, StreamProperties.class))
			.get()
			.entrySet()
			.stream()
			.map((stream) -> stream.getValue().toDefinition(stream.getKey()))
			.toList();
		return new Topology(definitions);
	}

	/**
	 * A bean that starts as early as an ordinary one may.
	 */
	static final class Earliest implements SmartLifecycle {

		private boolean running;

		@Override
		public void start() {
			System.out.println("Earliest");
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return 0;
		}

	}

}
