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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;

/**
 * The subjects to which an application publishes that declares a topology.
 */
final class TopologyPermissions {

	private static final String API = "$JS.API.";

	private final TopologyMode mode;

	private final Set<String> subjects = new LinkedHashSet<>();

	private TopologyPermissions(TopologyMode mode) {
		this.mode = mode;
	}

	static Set<String> of(Topology topology, TopologyMode mode) {
		TopologyPermissions permissions = new TopologyPermissions(mode);
		List<Target> targets = Target.all(topology);
		if (mode != TopologyMode.NONE) {
			targets.forEach(permissions::add);
			permissions.addSchedules(topology, targets);
		}
		Set<String> deadLetters = topology.deadLetters()
			.stream()
			.map(DeadLetterRules::stream)
			.collect(Collectors.toSet());
		targets.stream().filter((target) -> !deadLetters.contains(target.name())).forEach(permissions::addPublishing);
		return permissions.subjects;
	}

	private void addPublishing(Target target) {
		StreamConfiguration stream = target.stream();
		if (stream == null || stream.getMirror() != null) {
			return;
		}
		this.subjects.addAll(stream.getSubjects());
		if (stream.getAllowMsgSchedules()) {
			this.subjects.add(ScheduleSubjects.all(target.name()));
		}
		if (stream.getAllowMsgSchedules() || stream.getAllowAtomicPublish()) {
			// Which stream it is that listens on a subject
			add("STREAM.LIST");
		}
	}

	private boolean isWriting() {
		return this.mode == TopologyMode.CREATE || this.mode == TopologyMode.UPDATE;
	}

	private void add(Target target) {
		StreamConfiguration stream = target.stream();
		add("STREAM.INFO." + target.name());
		if (stream != null && isWriting()) {
			// Who else listens on its subjects
			add("STREAM.NAMES");
			add("STREAM.CREATE." + target.name());
		}
		if (stream != null && this.mode == TopologyMode.UPDATE) {
			add("STREAM.UPDATE." + target.name());
		}
		target.consumers().forEach((consumer) -> add(target.name(), consumer));
		if (isWriting() && !target.consumers().isEmpty()
				&& (stream == null || stream.getRetentionPolicy() == RetentionPolicy.WorkQueue)) {
			// Whose filters may overlap
			add("CONSUMER.LIST." + target.name());
		}
	}

	private void add(String stream, ConsumerConfiguration consumer) {
		String name = stream + "." + consumer.getDurable();
		add("CONSUMER.INFO." + name);
		if (isWriting()) {
			List<String> filters = Subjects.filteredBy(consumer);
			// The client writes a single filter into the subject
			add("CONSUMER.CREATE." + name + ((filters.size() == 1 && !filters.get(0).equals(">")) ? ".>" : ""));
			if (consumer.getPauseUntil() != null) {
				add("CONSUMER.PAUSE." + name);
			}
		}
	}

	private void addSchedules(Topology topology, List<Target> targets) {
		for (ScheduleDefinition schedule : topology.schedules()) {
			List<String> streams = new ArrayList<>();
			for (Target target : targets) {
				if (target.stream() != null && target.stream()
					.getSubjects()
					.stream()
					.anyMatch((subject) -> Subjects.overlap(subject, String.valueOf(schedule.subject())))) {
					streams.add(target.name());
				}
			}
			if (streams.isEmpty()) {
				add("STREAM.NAMES");
			}
			streams.forEach(this::addSchedule);
		}
	}

	private void addSchedule(String stream) {
		add("STREAM.MSG.GET." + stream);
		if (isWriting()) {
			this.subjects.add(ScheduleSubjects.all(stream));
			add("STREAM.PURGE." + stream);
		}
	}

	private void add(String question) {
		this.subjects.add(API + question);
	}

}
