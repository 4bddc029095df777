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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Settings that the server would write differently from what is declared, in silence,
 * because others ask for it.
 *
 * @param when tells whether the server does it to a configuration
 * @param change does the same
 * @param why names what asks for it
 * @param <C> the jnats configuration
 * @param <B> the jnats builder
 */
record Rewrite<C, B>(Predicate<C> when, Consumer<B> change, String why) {

	private static final List<Rewrite<StreamConfiguration, StreamConfiguration.Builder>> STREAMS = List.of(
			new Rewrite<>(StreamConfiguration::getSealed,
					(stream) -> stream.maxAge(Duration.ZERO)
						.discardPolicy(DiscardPolicy.New)
						.denyDelete(true)
						.denyPurge(true)
						.allowRollup(false),
					"the stream is 'sealed'"),
			new Rewrite<>((stream) -> !Values.orZero(stream.getSubjectDeleteMarkerTtl()).isZero(),
					(stream) -> stream.allowMessageTtl(true).allowRollup(true),
					"the stream has 'subject-delete-marker-ttl'"),
			new Rewrite<>(StreamConfiguration::getAllowMsgSchedules, (stream) -> stream.allowRollup(true),
					"the stream has 'allow-message-schedules'"));

	/**
	 * Returns which settings of a stream would not be what is declared.
	 * @param stream the stream
	 * @param origin the stream that it mirrors, or {@code null} if there is none or it
	 * isn't known
	 * @param mode what is written
	 * @return the problems
	 */
	static List<TopologyProblem> of(Comparison<StreamConfiguration> stream, @Nullable StreamConfiguration origin,
			TopologyMode mode) {
		if (!stream.isToBeWritten(mode)) {
			return List.of();
		}
		List<Rewrite<StreamConfiguration, StreamConfiguration.Builder>> rewrites = new ArrayList<>(STREAMS);
		if (origin != null) {
			rewrites.add(new Rewrite<>((mirror) -> true, (mirror) -> mirror.mirrorDirect(origin.getAllowDirect()),
					"'allow-direct' of the mirrored stream '%s' is '%s'".formatted(origin.getName(),
							origin.getAllowDirect())));
		}
		StreamConfiguration outcome = stream.outcome(mode);
		return rewrites.stream().filter((rewrite) -> rewrite.when.test(outcome)).flatMap((rewrite) -> {
			StreamConfiguration.Builder builder = StreamConfiguration.builder(outcome);
			rewrite.change.accept(builder);
			return problems(stream, builder.build(), rewrite.why);
		}).toList();
	}

	/**
	 * Returns which settings of a consumer would not be what is declared.
	 * @param consumer the consumer
	 * @param limits the limits of its stream, or {@code null}
	 * @param mode what is written
	 * @return the problems
	 */
	static List<TopologyProblem> of(Comparison<ConsumerConfiguration> consumer, @Nullable ConsumerLimits limits,
			TopologyMode mode) {
		if (!consumer.isToBeWritten(mode)) {
			return List.of();
		}
		ConsumerConfiguration outcome = consumer.outcome(mode);
		List<TopologyProblem> problems = new ArrayList<>();
		List<Duration> backoff = outcome.getBackoff();
		if (backoff != null && !backoff.isEmpty()) {
			ConsumerConfiguration written = ConsumerConfiguration.builder(outcome).ackWait(backoff.get(0)).build();
			problems(consumer, written,
					"the consumer has a 'backoff' on the server, whose first entry is used instead of ack-wait. Listeners"
							+ " don't need one; remove it: nats consumer edit %s %s --backoff none"
								.formatted(consumer.declared().stream(), consumer.declared().consumer()))
				.forEach(problems::add);
		}
		Duration longest = (limits != null) ? Values.orZero(limits.getInactiveThreshold()) : Duration.ZERO;
		if (!longest.isZero() && Values.orZero(outcome.getInactiveThreshold()).isZero()) {
			ConsumerConfiguration written = ConsumerConfiguration.builder(outcome).inactiveThreshold(longest).build();
			problems(consumer, written, "the stream's 'consumer-limits' have it").forEach(problems::add);
		}
		return problems;
	}

	private static <C> Stream<TopologyProblem> problems(Comparison<C> comparison, C written, String why) {
		Declared<C, ?> declared = comparison.declared();
		return declared.settings()
			.differences(written)
			.stream()
			.map((difference) -> new TopologyProblem(
					declared.key() + "." + difference.key(), "can't be '%s': the server would make it '%s', as %s"
						.formatted(difference.to(), difference.from(), why),
					"Remove the key, or what asks for the other value."));
	}

}
