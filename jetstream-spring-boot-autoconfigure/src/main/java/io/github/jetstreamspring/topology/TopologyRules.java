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

import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.messaging.SimilarNames;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerLimits;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What the server would refuse because settings don't go together. Asking it would be
 * simpler, but then half of the topology could be written before it says no.
 */
final class TopologyRules {

	private final TopologyMode mode;

	private final Problems problems;

	TopologyRules(TopologyMode mode, Problems problems) {
		this.mode = mode;
		this.problems = problems;
	}

	void check(List<StreamPlan> plans) {
		List<Comparison<StreamConfiguration>> streams = new ArrayList<>();
		for (StreamPlan plan : plans) {
			if (plan.managed()) {
				streams.add(plan.stream());
			}
		}
		checkSubjects(streams);
		this.problems.addAll(SourceCircles.in(streams, this.mode));
		for (StreamPlan plan : plans) {
			check(plan);
		}
	}

	private void checkSubjects(List<Comparison<StreamConfiguration>> streams) {
		List<List<String>> subjects = new ArrayList<>();
		for (Comparison<StreamConfiguration> stream : streams) {
			subjects.add(subjects(stream));
		}
		for (int i = 0; i < streams.size(); i++) {
			for (int j = 0; j < i; j++) {
				if (Subjects.overlap(subjects.get(i), subjects.get(j))) {
					this.problems.add(streams.get(i).declared(), StreamSettings.subjects(),
							"overlap with those of stream '%s': %s and %s".formatted(streams.get(j).declared().stream(),
									subjects.get(i), subjects.get(j)),
							exclude(streams.get(i).declared().stream(), streams.get(j).declared().stream()));
				}
			}
		}
	}

	private static String exclude(String stream, String other) {
		String advice = "A message can be stored in one stream only: give them subjects that exclude each other.";
		return SimilarNames.isAlike(stream, other)
				? advice + " If they are meant to be one stream, write its name in the same way everywhere." : advice;
	}

	private void check(StreamPlan plan) {
		StreamConfiguration stream = plan.stream().outcome(this.mode);
		if (plan.managed() && plan.stream().isToBeWritten(this.mode)) {
			Rule.broken(StreamRules.ALL, plan.stream(), this.mode).forEach(this.problems::add);
		}
		if (stream.getAllowMsgSchedules() && stream.getRetentionPolicy() == RetentionPolicy.Interest) {
			this.problems.add(plan.stream().declared(), StreamSettings.allowMessageSchedules(),
					"can't be 'true' together with retention 'interest': the server keeps no schedule there, as no"
							+ " consumer is interested in it",
					"Set the retention to 'work-queue' or 'limits', or remove allow-message-schedules.");
		}
		List<Comparison<ConsumerConfiguration>> consumers = plan.consumers();
		checkNumber(plan.stream(), consumers);
		for (Comparison<ConsumerConfiguration> consumer : consumers) {
			if (consumer.isToBeWritten(this.mode)) {
				Rule.broken(ConsumerRules.ALL, consumer, this.mode).forEach(this.problems::add);
				this.problems.addAll(Rewrite.of(consumer, stream.getConsumerLimits(), this.mode));
			}
			checkFilters(consumer);
			checkLimits(consumer, stream.getConsumerLimits());
			checkReplicas(consumer, stream);
		}
		if (ScheduledStream.hasSchedules(stream)) {
			consumers.forEach((consumer) -> checkSchedules(consumer, ScheduleSubjects.all(stream.getName())));
		}
		if (takesItsOwnSubjectsOnly(stream)) {
			for (Comparison<ConsumerConfiguration> consumer : consumers) {
				checkReach(consumer, stream.getSubjects());
			}
		}
		if (stream.getRetentionPolicy() == RetentionPolicy.WorkQueue) {
			for (Comparison<ConsumerConfiguration> consumer : consumers) {
				checkWorker(consumer);
			}
			checkWorkers(consumers);
		}
	}

	private void checkNumber(Comparison<StreamConfiguration> stream,
			List<Comparison<ConsumerConfiguration>> consumers) {
		long max = stream.outcome(this.mode).getMaxConsumers();
		if (max > 0 && consumers.size() > max) {
			this.problems.add(stream.declared(), StreamSettings.maxConsumers(),
					"can't be '%d' for a stream with %d consumers".formatted(max, consumers.size()),
					"Raise it, or remove consumers.");
		}
	}

	private void checkFilters(Comparison<ConsumerConfiguration> consumer) {
		String overlap = Subjects.overlapAmong(Values.orEmpty(consumer.outcome(this.mode).getFilterSubjects()));
		if (overlap != null) {
			this.problems.add(consumer.declared(), ConsumerSettings.filterSubjects(), overlap,
					"Remove the filters that others cover.");
		}
	}

	private void checkLimits(Comparison<ConsumerConfiguration> consumer, @Nullable ConsumerLimits limits) {
		if (limits == null || !consumer.isToBeWritten(this.mode)) {
			return;
		}
		Declared<ConsumerConfiguration, ?> declared = consumer.declared();
		ConsumerConfiguration outcome = consumer.outcome(this.mode);
		if (limits.getMaxAckPending() > 0 && outcome.getMaxAckPending() > limits.getMaxAckPending()) {
			this.problems.add(declared, ConsumerSettings.maxAckPending(),
					"can't be '%d', as the stream's consumer-limits allow %d".formatted(outcome.getMaxAckPending(),
							limits.getMaxAckPending()),
					"Lower it, or raise the stream's consumer-limits.");
		}
		Duration longest = Values.orZero(limits.getInactiveThreshold());
		Duration threshold = Values.orZero(outcome.getInactiveThreshold());
		if (!longest.isZero() && threshold.compareTo(longest) > 0) {
			this.problems.add(declared, ConsumerSettings.inactiveThreshold(),
					"can't be '%s', as the stream's consumer-limits allow %s".formatted(Values.duration(threshold),
							Values.duration(longest)),
					"Shorten it, or raise the stream's consumer-limits.");
		}
	}

	private void checkReplicas(Comparison<ConsumerConfiguration> consumer, StreamConfiguration stream) {
		int replicas = consumer.outcome(this.mode).getNumReplicas();
		boolean alike = stream.getRetentionPolicy() != RetentionPolicy.Limits;
		if (consumer.isToBeWritten(this.mode) && replicas > 0
				&& (replicas > stream.getReplicas() || (alike && replicas != stream.getReplicas()))) {
			this.problems.add(consumer.declared(), ConsumerSettings.replicas(),
					"can't be '%d' on a stream with %d and retention '%s'".formatted(replicas, stream.getReplicas(),
							StreamSettings.retention().text(stream.getRetentionPolicy())),
					"Remove the key: it is that of the stream then.");
		}
	}

	private static boolean takesItsOwnSubjectsOnly(StreamConfiguration stream) {
		return !stream.getSubjects().isEmpty() && stream.getMirror() == null
				&& (stream.getSources() == null || stream.getSources().isEmpty())
				&& stream.getSubjectTransform() == null;
	}

	// The server accepts it, and the consumer never gets a message
	private void checkReach(Comparison<ConsumerConfiguration> consumer, List<String> subjects) {
		for (String filter : Values.orEmpty(consumer.outcome(this.mode).getFilterSubjects())) {
			if (!Subjects.overlap(List.of(filter), subjects)) {
				this.problems.add(consumer.declared(), ConsumerSettings.filterSubjects(),
						"match none of the stream's messages: '%s' is not among its subjects %s".formatted(filter,
								subjects),
						"Correct the filter, or add it to the stream's subjects.");
			}
		}
	}

	// It would get schedules as if they were jobs, and take them away with its ack
	private void checkSchedules(Comparison<ConsumerConfiguration> consumer, String schedules) {
		for (String filter : filters(consumer)) {
			if (Subjects.overlap(filter, schedules)) {
				this.problems.add(consumer.declared(), ConsumerSettings.filterSubjects(),
						"cover the schedules of the stream: '%s' and '%s'".formatted(filter, schedules),
						"Give it filters for jobs only, or none, if the stream's own subjects leave the schedules out.");
			}
		}
	}

	private void checkWorker(Comparison<ConsumerConfiguration> consumer) {
		ConsumerConfiguration configuration = consumer.outcome(this.mode);
		if (configuration.getAckPolicy() != AckPolicy.Explicit) {
			this.problems.add(consumer.declared(), ConsumerSettings.ackPolicy(),
					"can't be '%s' on a work-queue stream".formatted(configuration.getAckPolicy()),
					"Remove the key: it is explicit then.");
		}
		if (configuration.getDeliverPolicy() != DeliverPolicy.All) {
			this.problems.add(consumer.declared(), ConsumerSettings.deliverPolicy(),
					"can't be '%s' on a work-queue stream"
						.formatted(ConsumerSettings.deliverPolicy().text(configuration.getDeliverPolicy())),
					"Set it to 'all', or the stream's retention to 'interest' or 'limits'.");
		}
	}

	private void checkWorkers(List<Comparison<ConsumerConfiguration>> consumers) {
		List<List<String>> filters = new ArrayList<>();
		for (Comparison<ConsumerConfiguration> consumer : consumers) {
			filters.add(filters(consumer));
		}
		for (int i = 0; i < consumers.size(); i++) {
			for (int j = 0; j < i; j++) {
				if (Subjects.overlap(filters.get(i), filters.get(j))) {
					this.problems.add(consumers.get(i).declared(), ConsumerSettings.filterSubjects(),
							"overlap with those of consumer '%s' on a work-queue stream: %s and %s"
								.formatted(consumers.get(j).declared().consumer(), filters.get(i), filters.get(j)),
							"Each message goes to one consumer only: give them filters that exclude each other, or set"
									+ " the stream's retention to 'interest' or 'limits'.");
				}
			}
		}
	}

	private List<String> subjects(Comparison<StreamConfiguration> stream) {
		return Subjects.storedBy(stream.outcome(this.mode));
	}

	private List<String> filters(Comparison<ConsumerConfiguration> consumer) {
		return Subjects.filteredBy(consumer.outcome(this.mode));
	}

}
