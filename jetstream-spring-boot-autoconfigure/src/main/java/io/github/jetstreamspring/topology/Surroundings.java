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

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AccountLimits;
import io.nats.client.api.AccountStatistics;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.Mirror;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What else the server has that is in the way of what shall be written: streams and
 * consumers of others, and the limits of the account. Found out before anything is
 * written, as the server would only say so halfway.
 */
final class Surroundings {

	private static final Log logger = LogFactory.getLog(Surroundings.class);

	private final JetStreamManagement management;

	private final TopologyMode mode;

	private final List<StreamPlan> plans;

	private final Set<String> declared = new HashSet<>();

	private final Problems problems = new Problems();

	// Whoever may not ask for some of it lets the server say no
	private final Unanswered unanswered;

	private boolean silent;

	Surroundings(JetStreamManagement management, TopologyMode mode, List<StreamPlan> plans, Unanswered unanswered) {
		this.unanswered = unanswered;
		this.management = management;
		this.mode = mode;
		this.plans = plans;
		for (StreamPlan plan : plans) {
			this.declared.add(plan.stream().declared().stream());
		}
	}

	/**
	 * Returns what is in the way.
	 * @param standAlone whether the server is in no cluster
	 * @return the problems
	 */
	List<TopologyProblem> problems(boolean standAlone) {
		List<StreamPlan> written = new ArrayList<>();
		for (StreamPlan plan : this.plans) {
			if (isToBeWritten(plan)) {
				written.add(plan);
			}
		}
		if (written.isEmpty()) {
			return List.of();
		}
		AccountLimits limits = limits(written);
		for (StreamPlan plan : written) {
			if (plan.managed() && plan.stream().isToBeWritten(this.mode)) {
				checkSubjects(plan.stream());
				this.problems.addAll(Rewrite.of(plan.stream(), origin(plan.stream()), this.mode));
				checkReplicas(plan.stream(), standAlone);
			}
			checkConsumers(plan, limits);
		}
		return this.problems.all();
	}

	private boolean isToBeWritten(StreamPlan plan) {
		if (plan.managed() && plan.stream().isToBeWritten(this.mode)) {
			return true;
		}
		for (Comparison<ConsumerConfiguration> consumer : plan.consumers()) {
			if (consumer.isToBeWritten(this.mode)) {
				return true;
			}
		}
		return false;
	}

	private void checkSubjects(Comparison<StreamConfiguration> stream) {
		List<String> subjects = new ArrayList<>(Subjects.storedBy(stream.outcome(this.mode)));
		if (stream.current() != null) {
			subjects.removeAll(Subjects.storedBy(stream.current()));
		}
		Map<String, List<String>> others = new LinkedHashMap<>();
		for (String subject : subjects) {
			Values.orEmpty(ask(() -> this.management.getStreamNames(subject)))
				.stream()
				.filter((name) -> !this.declared.contains(name))
				.forEach((name) -> others.computeIfAbsent(name, (key) -> new ArrayList<>()).add(subject));
		}
		others.forEach((name, overlapping) -> {
			List<String> theirs = Values
				.orEmpty(ask(() -> this.management.getStreamInfo(name).getConfiguration().getSubjects()));
			this.problems.add(stream.declared(), StreamSettings.subjects(),
					"overlap with those of stream '%s', which is on the server and not declared here: %s and %s"
						.formatted(name, Values.list(overlapping), Values.list(theirs)),
					"A message can be stored in one stream only: give this stream other subjects, or change those of"
							+ " '%1$s', or delete it if nobody needs it (nats stream rm %1$s).".formatted(name));
		});
	}

	private void checkReplicas(Comparison<StreamConfiguration> stream, boolean standAlone) {
		int replicas = stream.outcome(this.mode).getReplicas();
		if (standAlone && replicas > 1) {
			this.problems.add(stream.declared(), StreamSettings.replicas(),
					"can't be '%d': the server is in no cluster".formatted(replicas),
					"Remove the key, or set it to 1 for this server.");
		}
	}

	private @Nullable StreamConfiguration origin(Comparison<StreamConfiguration> stream) {
		Mirror mirror = stream.outcome(this.mode).getMirror();
		if (mirror == null || mirror.getExternal() != null
				|| stream.declared().settings().texts().get(StreamSettings.mirrorDirect().key()) == null) {
			return null;
		}
		for (StreamPlan plan : this.plans) {
			if (plan.stream().declared().stream().equals(mirror.getName())) {
				return plan.stream().outcome(this.mode);
			}
		}
		return ask(() -> this.management.getStreamInfo(mirror.getName()).getConfiguration());
	}

	private void checkConsumers(StreamPlan plan, @Nullable AccountLimits limits) {
		StreamConfiguration stream = plan.stream().outcome(this.mode);
		long created = plan.consumers().stream().filter((consumer) -> consumer.current() == null).count();
		long max = stream.getMaxConsumers();
		if (limits != null && limits.getMaxConsumers() > 0 && (max <= 0 || limits.getMaxConsumers() < max)) {
			max = limits.getMaxConsumers();
		}
		boolean full = created > 0 && max > 0;
		List<Comparison<ConsumerConfiguration>> workers = (stream.getRetentionPolicy() == RetentionPolicy.WorkQueue)
				? plan.consumers().stream().filter(this::isFilteredAnew).toList() : List.of();
		if (!full && workers.isEmpty()) {
			return;
		}
		List<ConsumerInfo> others = (plan.stream().current() != null) ? others(plan) : List.of();
		for (Comparison<ConsumerConfiguration> worker : workers) {
			others.forEach((other) -> checkFilters(worker, other));
		}
		int declaredHere = plan.consumers().size();
		// Those that are declared are counted by the rules
		boolean known = stream.getMaxConsumers() > 0 && declaredHere > stream.getMaxConsumers();
		if (full && !known && declaredHere + others.size() > max) {
			this.problems.add(plan.stream().declared(), StreamSettings.maxConsumers(),
					"would be exceeded: %d are possible, with %d declared and %d more on the server".formatted(max,
							declaredHere, others.size()),
					"Raise the limit of the stream or of the account, or delete consumers that nobody needs (nats"
							+ " consumer ls %s).".formatted(stream.getName()));
		}
	}

	private boolean isFilteredAnew(Comparison<ConsumerConfiguration> consumer) {
		return consumer.isToBeWritten(this.mode) && (consumer.current() == null || consumer.differences()
			.stream()
			.anyMatch((difference) -> difference.key().equals(ConsumerSettings.filterSubjects().key())));
	}

	private void checkFilters(Comparison<ConsumerConfiguration> worker, ConsumerInfo other) {
		List<String> filters = Subjects.filteredBy(worker.outcome(this.mode));
		List<String> others = Subjects.filteredBy(other.getConsumerConfiguration());
		if (Subjects.overlap(filters, others)) {
			this.problems.add(worker.declared(), ConsumerSettings.filterSubjects(),
					"overlap with those of consumer '%s', which is on the server and not declared here: %s and %s"
						.formatted(other.getName(), Values.list(filters), Values.list(others)),
					"Each message of a work queue goes to one consumer only: give this one other filters, or delete"
							+ " the other (nats consumer rm %s %s).".formatted(other.getStreamName(), other.getName()));
		}
	}

	private List<ConsumerInfo> others(StreamPlan plan) {
		Set<String> names = plan.consumers()
			.stream()
			.map((consumer) -> String.valueOf(consumer.declared().consumer()))
			.collect(Collectors.toSet());
		List<ConsumerInfo> all = ask(() -> this.management.getConsumers(plan.stream().declared().stream()));
		return (all != null) ? all.stream().filter((consumer) -> !names.contains(consumer.getName())).toList()
				: List.of();
	}

	private @Nullable AccountLimits limits(List<StreamPlan> written) {
		if (this.unanswered.isForbidden(".API.INFO")) {
			logger.info("The limits of the account are not checked before streams are written, as the user of the"
					+ " connection may not publish to '$JS.API.INFO'");
			return null;
		}
		AccountStatistics statistics = ask(this.management::getAccountStatistics);
		// With tiers, each number of replicas has limits of its own
		if (statistics == null || statistics.getLimits() == null
				|| (statistics.getTiers() != null && !statistics.getTiers().isEmpty())) {
			return null;
		}
		new AccountCheck(statistics, this.mode, this.problems).check(written);
		return statistics.getLimits();
	}

	private <T> @Nullable T ask(Question<T> question) {
		if (this.silent) {
			return null;
		}
		try {
			return question.ask();
		}
		catch (JetStreamApiException ex) {
			logger.debug("The server doesn't tell what else it has", ex);
		}
		catch (IOException ex) {
			logger.debug("The server doesn't tell what else it has", ex);
			this.silent = true;
		}
		return null;
	}

	/**
	 * Something that the server is asked.
	 *
	 * @param <T> what it answers
	 */
	@FunctionalInterface
	private interface Question<T> {

		T ask() throws IOException, JetStreamApiException;

	}

}
