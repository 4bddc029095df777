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

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.topology.StreamDefinition.Builder;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Mirror;
import io.nats.client.api.PersistMode;
import io.nats.client.api.PriorityPolicy;
import io.nats.client.api.Republish;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;

/**
 * Streams and consumers that can't be, and what is said about them.
 *
 * @param key the key that is blamed, below {@code jetstream.streams.}
 * @param problem what is said to be wrong with it
 * @param needs the oldest server version that knows the settings
 * @param refused whether the server would refuse it, too
 * @param streams the streams, with their consumers
 */
record BadTopology(String key, String problem, String needs, boolean refused, List<StreamDefinition> streams) {

	private static final String ANY = ServerVersion.OLDEST;

	static List<BadTopology> all() {
		return Arrays.asList(subjects("can't be [$JS.API.>], which cover subjects of the server", "$JS.API.>"),
				subjects("can't be [>], which cover subjects of the server", ">"),
				subjects("can't be [$SYS.REQ.>]", "a", "$SYS.REQ.>"),
				accepted("a.subjects", "can't be [_INBOX.>]", stream("a", (b) -> b.subjects("_INBOX.>"))),
				subjects("can't be '[a.>.b]'", "a.>.b"), subjects("can't be '[a..b]'", "a..b"),
				subjects("can't be '[a b]'", "a b"), subjects("can't be '[.a]'", ".a"),
				accepted("a.subjects", "can't be '[a*]'", stream("a", (b) -> b.subjects("a*"))),
				accepted("a.subjects", "can't be '[a.b>]'", stream("a", (b) -> b.subjects("a.b>"))),
				subjects("overlap: 'a.>' with [a.b]", "a.>", "a.b"),
				subjects("overlap: 'a.*' with [*.b]", "a.*", "*.b"),
				refused("b.subjects", "overlap with those of stream 'a': [a.x] and [a.>]", stream("a"),
						stream("b", (b) -> b.subjects("a.x"))),
				refused("b.subjects", "overlap with those of stream 'a': [b] and [*]",
						stream("a", (b) -> b.subjects("*")), StreamDefinition.named("b").build()),
				refused("b c", "can't be a name", stream("b c")), accepted("b.c", "can't be a name", stream("b.c")),
				accepted("x".repeat(256), "can't be a name", stream("x".repeat(256), (b) -> b.subjects("x"))),
				refused("a.sources", "can't be the stream itself", stream("a", (b) -> b.sources(source("a")))),
				refused("a.mirror", "can't be the stream itself",
						StreamDefinition.named("a").mirror(mirror("a")).build()),
				refused("a.sources", "form a circle: a copies from b copies from a",
						stream("a", (b) -> b.sources(source("b"))), stream("b", (b) -> b.sources(source("a")))),
				refused("a.sources", "form a circle: a copies from b copies from c copies from a",
						stream("a", (b) -> b.sources(source("b"))), stream("b", (b) -> b.sources(source("c"))),
						stream("c", (b) -> b.sources(source("a")))),
				refused("a.sources", "form a circle: a copies from b copies from a",
						stream("a", (b) -> b.sources(source("b"))),
						StreamDefinition.named("b").mirror(mirror("a")).build()),
				refused("a.sources", "name streams that can't exist: [x.y]",
						stream("a", (b) -> b.sources(source("x.y")))),
				refused("a.subjects", "can't be set for a mirror", stream("a", (b) -> b.mirror(mirror("b"))),
						stream("b")),
				refused("a.sources", "can't be set together with 'mirror'",
						StreamDefinition.named("a").mirror(mirror("b")).sources(source("b")).build(), stream("b")),
				refused("a.first-sequence", "can't be set together with 'mirror'",
						StreamDefinition.named("a").mirror(mirror("b")).firstSequence(5).build(), stream("b")),
				refused("a.mirror-direct", "can't be 'true' without 'mirror'",
						stream("a", (b) -> b.mirrorDirect(true))),
				since("2.12", "a.allow-message-schedules", "can't be 'true' for a stream with 'mirror' or 'sources'",
						stream("a", (b) -> b.sources(source("b")).allowMessageSchedules(true)), stream("b")),
				since("2.12", "a.allow-atomic-publish", "can't be 'true' for a mirror",
						StreamDefinition.named("a").mirror(mirror("b")).allowAtomicPublish(true).build(), stream("b")),
				since("2.14", "a.allow-batch-publish", "can't be 'true' for a mirror",
						StreamDefinition.named("a").mirror(mirror("b")).allowBatchPublish(true).build(), stream("b")),
				since("2.11", "a.subject-delete-marker-ttl", "can't be set for a mirror",
						StreamDefinition.named("a")
							.mirror(mirror("b"))
							.subjectDeleteMarkerTtl(Duration.ofSeconds(5))
							.build(),
						stream("b")),
				since("2.12", "a.discard", "can't be 'new' together with allow-message-schedules",
						stream("a", (b) -> b.allowMessageSchedules(true).discard(DiscardPolicy.New).maxMessages(5))),
				refused("a.discard-new-per-subject", "can't be 'true' unless 'discard' is 'new'",
						stream("a", (b) -> b.discardNewPerSubject(true).maxMessagesPerSubject(1))),
				refused("a.discard-new-per-subject", "can't be 'true' without 'max-messages-per-subject'",
						stream("a", (b) -> b.discardNewPerSubject(true).discard(DiscardPolicy.New))),
				refused("a.duplicate-window", "can't be '20s', which is longer than max-age '10s'",
						stream("a", (b) -> b.maxAge(Duration.ofSeconds(10)).duplicateWindow(Duration.ofSeconds(20)))),
				refused("a.allow-rollup", "can't be 'true' together with 'deny-purge'",
						stream("a", (b) -> b.allowRollup(true).denyPurge(true))),
				refused("a.republish", "forms a circle: the stream stores 'a.x.>' itself",
						stream("a", (b) -> b.republish(new Republish("a.>", "a.x.>", false)))),
				since("2.12", "a.persist-mode", "can't be 'async' unless 'storage' is 'file'",
						stream("a", (b) -> b.persistMode(PersistMode.Async).storage(StorageType.Memory))),
				since("2.12", "a.persist-mode", "can't be 'async' with more than one replica",
						stream("a", (b) -> b.persistMode(PersistMode.Async).replicas(3))),
				since("2.12", "a.persist-mode", "can't be 'async' together with 'allow-atomic-publish'",
						stream("a", (b) -> b.persistMode(PersistMode.Async).allowAtomicPublish(true))),
				since("2.12", "a.allow-message-counter", "can't be 'true' unless 'retention' is 'limits'",
						stream("a", (b) -> b.allowMessageCounter(true))),
				since("2.12", "a.allow-message-counter", "can't be 'true' when 'discard' is 'new'",
						stream("a",
								(b) -> b.retention(RetentionPolicy.Limits)
									.allowMessageCounter(true)
									.discard(DiscardPolicy.New))),
				since("2.12", "a.allow-message-counter", "can't be 'true' together with 'allow-message-ttl'", stream(
						"a",
						(b) -> b.retention(RetentionPolicy.Limits).allowMessageCounter(true).allowMessageTtl(true))),
				accepted("a.metadata", "can't be '{_nats.x=y}'",
						stream("a", (b) -> b.metadata(Map.of("_nats.x", "y")))),
				refused("a.max-consumers", "can't be '1' for a stream with 2 consumers",
						stream("a",
								(b) -> b.maxConsumers(1)
									.consumer(ConsumerDefinition.named("c").filterSubjects("a.c").build())
									.consumer(ConsumerDefinition.named("d").filterSubjects("a.d").build()))),
				accepted("a.consumers.x.y", "can't be a name", consumer("x.y", (c) -> c)),
				refusedConsumer("start-sequence", "is missing", (c) -> c.deliverPolicy(DeliverPolicy.ByStartSequence)),
				refusedConsumer("start-sequence", "can't be set unless deliver-policy is 'by-start-sequence'",
						(c) -> c.startSequence(5)),
				refusedConsumer("start-time", "is missing", (c) -> c.deliverPolicy(DeliverPolicy.ByStartTime)),
				refusedConsumer("start-time", "can't be set unless deliver-policy is 'by-start-time'",
						(c) -> c.startTime(Instant.EPOCH)),
				refusedConsumer("deliver-policy", "can't be 'last-per-subject' without 'filter-subjects'",
						(c) -> c.deliverPolicy(DeliverPolicy.LastPerSubject)),
				refusedConsumer("filter-subjects", "overlap: 'a.*' with [a.b]", (c) -> c.filterSubjects("a.*", "a.b")),
				refusedConsumer("filter-subjects", "can't be '[a.>.b]'", (c) -> c.filterSubjects("a.>.b")),
				accepted("a.consumers.c.filter-subjects", "can't be '[a.b*]'",
						consumer("c", (c) -> c.filterSubjects("a.b*"))),
				accepted("a.consumers.c.filter-subjects", "match none of the stream's messages: 'b' is not among",
						consumer("c", (c) -> c.filterSubjects("b"))),
				since("2.14", "a.consumers.c.priority-groups", "can't be set without a priority-policy",
						consumer("c", (c) -> c.priorityGroups("g"))),
				since("2.11", "a.consumers.c.priority-groups", "are missing",
						consumer("c", (c) -> c.priorityPolicy(PriorityPolicy.Overflow))),
				since("2.11", "a.consumers.c.priority-groups", "can't be '[a b]'",
						consumer("c", (c) -> c.priorityGroups("a b").priorityPolicy(PriorityPolicy.Overflow))),
				refused("a.consumers.c.max-ack-pending", "can't be '20', as the stream's consumer-limits allow 10",
						stream("a", (b) -> limited(b, (c) -> c.maxAckPending(20)))),
				refused("a.consumers.c.inactive-threshold", "can't be '20s', as the stream's consumer-limits allow 10s",
						stream("a", (b) -> limited(b, (c) -> c.inactiveThreshold(Duration.ofSeconds(20))))));
	}

	@Override
	public String toString() {
		return this.key.length() > 40 ? "long name" : this.key + " " + this.problem;
	}

	private static BadTopology subjects(String problem, String... subjects) {
		return refused("a.subjects", problem, stream("a", (b) -> b.subjects(subjects)));
	}

	private static BadTopology refused(String key, String problem, StreamDefinition... streams) {
		return new BadTopology(key, problem, ANY, true, List.of(streams));
	}

	private static BadTopology refusedConsumer(String setting, String problem,
			UnaryOperator<ConsumerDefinition.Builder> settings) {
		return refused("a.consumers.c." + setting, problem, consumer("c", settings));
	}

	private static BadTopology accepted(String key, String problem, StreamDefinition... streams) {
		return new BadTopology(key, problem, ANY, false, List.of(streams));
	}

	private static BadTopology since(String version, String key, String problem, StreamDefinition... streams) {
		return new BadTopology(key, problem, version, true, List.of(streams));
	}

	private static StreamDefinition stream(String name) {
		return stream(name, (builder) -> builder);
	}

	private static StreamDefinition stream(String name, UnaryOperator<Builder> settings) {
		return settings.apply(StreamDefinition.named(name).subjects(name + ".>")).build();
	}

	private static StreamDefinition consumer(String name, UnaryOperator<ConsumerDefinition.Builder> settings) {
		return stream("a", (builder) -> builder.retention(RetentionPolicy.Limits)
			.consumer(settings.apply(ConsumerDefinition.named(name)).build()));
	}

	private static Builder limited(Builder builder, UnaryOperator<ConsumerDefinition.Builder> settings) {
		return builder
			.consumerLimits(
					ConsumerLimits.builder().maxAckPending(10).inactiveThreshold(Duration.ofSeconds(10)).build())
			.consumer(settings.apply(ConsumerDefinition.named("c")).build());
	}

	private static Source source(String name) {
		return Source.builder().name(name).build();
	}

	private static Mirror mirror(String name) {
		return Mirror.builder().name(name).build();
	}

}
