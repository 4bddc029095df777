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
import java.util.List;

import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;

/**
 * What the stream for dead letters must be like, so that none is lost and each can leave
 * its queue.
 *
 * @param stream the name of the stream
 * @param subjectPrefix what the subjects of dead letters begin with
 */
record DeadLetterRules(String stream, String subjectPrefix) {

	List<TopologyProblem> check(List<StreamPlan> plans, TopologyMode mode) {
		List<TopologyProblem> problems = new ArrayList<>();
		for (StreamPlan plan : plans) {
			if (plan.managed() && plan.stream().declared().stream().equals(this.stream)) {
				problems.addAll(check(plan, plans, mode));
			}
		}
		return problems;
	}

	private List<TopologyProblem> check(StreamPlan plan, List<StreamPlan> plans, TopologyMode mode) {
		StreamConfiguration outcome = plan.stream().outcome(mode);
		List<TopologyProblem> problems = new ArrayList<>();
		List<String> lost = new ArrayList<>();
		for (String subject : subjects(plans)) {
			if (!Subjects.isCovered(outcome.getSubjects(), subject)) {
				lost.add(subject);
			}
		}
		// Without subjects they were wrong and have been reported, or it is a mirror
		if (!lost.isEmpty() && !outcome.getSubjects().isEmpty()) {
			problems.add(problem(StreamSettings.subjects(),
					"don't cover those of dead letters: %s are not among %s".formatted(Values.list(lost),
							Values.list(outcome.getSubjects())),
					"Add %s.> to them, or remove the key, or change jetstream.dead-letter.subject-prefix."
						.formatted(this.subjectPrefix)));
		}
		if (outcome.getMirror() != null) {
			problems.add(problem(StreamSettings.mirror(), "can't be set: nobody can publish dead letters to a mirror",
					"Remove the key, or set another jetstream.dead-letter.stream."));
		}
		if (outcome.getNoAck()) {
			problems
				.add(problem(StreamSettings.noAck(), "can't be 'true': dead letters are published with confirmation",
						"Remove the key, or set another jetstream.dead-letter.stream."));
		}
		if (outcome.getSealed()) {
			problems.add(problem(StreamSettings.sealed(), "can't be 'true': a sealed stream accepts no dead letters",
					"Remove the key, or set another jetstream.dead-letter.stream."));
		}
		boolean dropsThem = outcome.getRetentionPolicy() == RetentionPolicy.Interest && plan.consumers().isEmpty();
		if (dropsThem && plan.stream().current() == null) {
			problems.add(problem(StreamSettings.retention(),
					"can't be 'interest' without a consumer: dead letters would not be stored",
					"Set it to 'limits', or declare a consumer."));
		}
		return problems;
	}

	private List<String> subjects(List<StreamPlan> plans) {
		List<String> subjects = new ArrayList<>();
		for (StreamPlan plan : plans) {
			String name = plan.stream().declared().stream();
			if (!name.equals(this.stream)) {
				for (Comparison<ConsumerConfiguration> consumer : plan.consumers()) {
					subjects.add(this.subjectPrefix + "." + name + "." + consumer.declared().consumer());
				}
			}
		}
		return subjects.isEmpty() ? List.of(this.subjectPrefix + ".*.*") : subjects;
	}

	private TopologyProblem problem(Setting<?, ?, ?> setting, String description, String action) {
		return new TopologyProblem(Keys.stream(this.stream) + "." + setting.key(), description, action);
	}

}
