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

import java.time.Duration;
import java.util.Map;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.annotation.ListenerConfigurationException;
import io.github.jetstreamspring.topology.StreamDefinition;
import io.github.jetstreamspring.topology.Topology;
import io.nats.client.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;

/**
 * Names that differ in case or dashes only.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpelledNamesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JetStreamAutoConfiguration.class))
		.withBean(Connection.class, () -> mock(Connection.class, RETURNS_DEEP_STUBS))
		.withPropertyValues("jetstream.topology.mode=none", "jetstream.dead-letter.enabled=false");

	@Test
	void whenStreamsDifferInCaseOnlyThenTheyAreTwoWithTheirOwnSettings(CapturedOutput output) {
		this.runner.withPropertyValues("jetstream.streams.Videos.subjects[0]=Videos.a",
				"jetstream.streams.Videos.subjects[1]=Videos.b", "jetstream.streams.Videos.max-age=1d",
				"jetstream.streams.videos.subjects=videos.>", "jetstream.streams.videos.consumers.encoder.ack-wait=10s")
			.run((context) -> {
				Map<String, StreamProperties> streams = context.getBean(JetStreamProperties.class).streams();
				assertThat(streams).containsOnlyKeys("Videos", "videos");
				assertThat(streams.get("Videos").subjects()).containsExactly("Videos.a", "Videos.b");
				assertThat(streams.get("Videos").maxAge()).isEqualTo(Duration.ofDays(1));
				assertThat(streams.get("Videos").consumers()).isNull();
				assertThat(streams.get("videos").subjects()).containsExactly("videos.>");
				assertThat(streams.get("videos").maxAge()).isNull();
				assertThat(context.getBean(Topology.class).streams()).extracting(StreamDefinition::name)
					.containsExactlyInAnyOrder("Videos", "videos");
			});
		assertThat(output).contains("jetstream.streams: the names [").contains("differ in case or dashes only");
	}

	@Test
	void whenNamesAreInBracketsThenTheyAreTwoAsWell() {
		this.runner
			.withPropertyValues("jetstream.streams[Videos].max-age=1d", "jetstream.streams.videos.max-age=2d",
					"jetstream.streams[videos.eu].max-age=3d")
			.run((context) -> {
				Map<String, StreamProperties> streams = context.getBean(JetStreamProperties.class).streams();
				assertThat(streams).containsOnlyKeys("Videos", "videos", "videos.eu");
				assertThat(streams.get("Videos").maxAge()).isEqualTo(Duration.ofDays(1));
				assertThat(streams.get("videos").maxAge()).isEqualTo(Duration.ofDays(2));
			});
		this.runner
			.withPropertyValues("jetstream.streams[videos].max-age=1d", "jetstream.streams.Videos.max-messages=5",
					"jetstream.streams.Videos.mirror.name=videos")
			.run((context) -> {
				Map<String, StreamProperties> streams = context.getBean(JetStreamProperties.class).streams();
				assertThat(streams).containsOnlyKeys("Videos", "videos");
				assertThat(streams.get("Videos").maxAge()).isNull();
				assertThat(streams.get("videos").maxMessages()).isNull();
				assertThat(streams.get("videos").mirror()).isNull();
			});
	}

	@Test
	void whenOtherNamesDifferInCaseOrDashesThenTheyAreTwoAsWell() {
		this.runner.withPropertyValues("jetstream.listeners.mailWorker.concurrency=1",
				"jetstream.listeners.mail-worker.concurrency=2", "jetstream.streams.mails.consumers.Mailer.ack-wait=1m",
				"jetstream.streams.mails.consumers.mailer.ack-wait=2m", "jetstream.streams.mails.metadata.Team=A",
				"jetstream.streams.mails.metadata.team=b")
			.run((context) -> {
				JetStreamProperties properties = context.getBean(JetStreamProperties.class);
				assertThat(properties.listeners().get("mailWorker").concurrency()).isEqualTo(1);
				assertThat(properties.listeners().get("mail-worker").concurrency()).isEqualTo(2);
				StreamProperties mails = properties.streams().get("mails");
				assertThat(mails.consumers().get("Mailer").ackWait()).isEqualTo(Duration.ofMinutes(1));
				assertThat(mails.consumers().get("mailer").ackWait()).isEqualTo(Duration.ofMinutes(2));
				assertThat(mails.metadata()).containsOnly(Map.entry("Team", "A"), Map.entry("team", "b"));
			});
	}

	@Test
	void whenAnEnvironmentVariableSetsSomethingThenItIsForTheNameAsFilesSpellIt() {
		this.runner.withInitializer((context) -> {
			MutablePropertySources sources = context.getEnvironment().getPropertySources();
			sources.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							Map.of("JETSTREAM_STREAMS_ORDEREVENTS_MAXAGE", "3d",
									"JETSTREAM_STREAMS_ORDEREVENTS_CONSUMERS_WORKERA_ACKWAIT", "5s")));
			sources.addLast(new MapPropertySource("file", Map.of("jetstream.streams.Order-Events.max-age", "1d",
					"jetstream.streams.Order-Events.consumers.worker-A.ack-wait", "1m")));
		}).run((context) -> {
			JetStreamProperties properties = context.getBean(JetStreamProperties.class);
			assertThat(properties.streams()).containsOnlyKeys("Order-Events");
			StreamProperties stream = properties.streams().get("Order-Events");
			assertThat(stream.maxAge()).isEqualTo(Duration.ofDays(3));
			assertThat(stream.consumers()).containsOnlyKeys("worker-A");
			assertThat(stream.consumers().get("worker-A").ackWait()).isEqualTo(Duration.ofSeconds(5));
		});
	}

	@Test
	void whenNamesDifferInCaseOnlyThenWhatIsWrongBelowThemIsReportedOnce() {
		this.runner
			.withPropertyValues("jetstream.streams.Videos.max-bites=1", "jetstream.streams.Videos.max-age=30",
					"jetstream.streams.videos.max-age=2d")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidPropertiesException.class,
						(ex) -> assertThat(ex.problems()).extracting(InvalidPropertiesException.Problem::key)
							.containsExactlyInAnyOrder("jetstream.streams[Videos].max-bites",
									"jetstream.streams[Videos].max-age")));
	}

	@Test
	void whenBothStreamsHaveTheConsumerThenTheAdviceFits() {
		this.runner.withBean(Encoder.class)
			.withPropertyValues("jetstream.streams.Videos.consumers.encoder.ack-wait=1m",
					"jetstream.streams.videos.consumers.encoder.ack-wait=2m")
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOfSatisfying(
					ListenerConfigurationException.class,
					(ex) -> assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
						assertThat(problem.description()).startsWith("several streams have a consumer 'encoder'");
						assertThat(problem.fix())
							.contains("If they are meant to be one, write its name in the same way everywhere")
							.endsWith(
									"Say which one: @JetStreamListener(stream = \"Videos\", consumer = \"encoder\").");
					})));
	}

	static class Encoder {

		@JetStreamListener("encoder")
		void encode(String video) {
		}

	}

}
