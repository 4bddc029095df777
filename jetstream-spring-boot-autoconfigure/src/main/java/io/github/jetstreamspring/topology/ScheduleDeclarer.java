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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.topology.TopologyReport.Action;
import io.github.jetstreamspring.topology.TopologyReport.Row;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Compares schedules with the server, writes those that are missing or differ, and
 * removes those that the application declared once and no longer does. They are told from
 * those of other applications by their subject, which names the owner.
 */
final class ScheduleDeclarer {

	private static final Log logger = LogFactory.getLog(ScheduleDeclarer.class);

	private static final int WRONG_SEQUENCE = 10071;

	// Each round is lost to another instance that writes the same at the same moment
	private static final int ROUNDS = 5;

	private final JetStreamManagement management;

	private final ScheduleStore store;

	private final TopologyMode mode;

	private final ScheduleOwner owner;

	private final ScheduleRules rules;

	private final Problems problems;

	ScheduleDeclarer(JetStreamManagement management, ScheduleStore store, String serverVersion, TopologyMode mode,
			ScheduleOwner owner, Problems problems) {
		this.management = management;
		this.store = store;
		this.mode = mode;
		this.owner = owner;
		this.rules = new ScheduleRules(serverVersion, problems);
		this.problems = problems;
	}

	/**
	 * Looks for everything that is wrong. Writes nothing.
	 * @param topology the schedules
	 * @param streams the streams, compared with the server
	 * @return the schedules that can be written
	 */
	List<DeclaredSchedule> plan(Topology topology, List<StreamPlan> streams) {
		List<DeclaredSchedule> plans = new ArrayList<>();
		for (ScheduleDefinition schedule : topology.schedules()) {
			if (!this.rules.check(schedule)) {
				continue;
			}
			StreamConfiguration stream = stream(schedule, streams, topology.isPart());
			if (stream == null) {
				if (!topology.isPart()) {
					this.rules.addUnknownSubject(schedule);
				}
			}
			else if (this.rules.check(schedule, stream)) {
				DeclaredSchedule declared = new DeclaredSchedule(schedule, stream, this.owner);
				if (this.mode == TopologyMode.VALIDATE) {
					validate(declared);
				}
				plans.add(declared);
			}
		}
		return plans;
	}

	private @Nullable StreamConfiguration stream(ScheduleDefinition schedule, List<StreamPlan> streams, boolean part) {
		String subject = schedule.subject();
		for (StreamPlan plan : streams) {
			StreamConfiguration stream = plan.stream().outcome(this.mode);
			if (stream.getSubjects().stream().anyMatch((other) -> Subjects.overlap(other, String.valueOf(subject)))) {
				return stream;
			}
		}
		return part ? null : ask(Keys.schedule(schedule.name()), () -> {
			List<String> names = this.management.getStreamNames(subject);
			return names.isEmpty() ? null : this.management.getStreamInfo(names.get(0)).getConfiguration();
		});
	}

	private void validate(DeclaredSchedule declared) {
		ask(declared.key(), () -> {
			StoredSchedule current = this.store.read(declared);
			if (current.isMissing()) {
				this.problems.add(declared.key(), "is not on the server",
						"Let it be created: jetstream.topology.mode=create.");
			}
			else if (!declared.differences(current).isEmpty()) {
				this.problems.add(declared.key(), "differs on the server: " + texts(declared.differences(current)),
						"Change the configuration, or let it be updated: jetstream.topology.mode=update.");
			}
			return null;
		});
	}

	private static String texts(List<Difference> differences) {
		return differences.stream().map(Difference::toString).collect(Collectors.joining(", "));
	}

	/**
	 * Returns what differs as rows of a report.
	 * @param topology the schedules
	 * @param plans what {@link #plan} found
	 * @param streams the streams among which to look for what is no longer declared
	 */
	List<Row> rows(Topology topology, List<DeclaredSchedule> plans, List<StreamPlan> streams) {
		List<Row> rows = new ArrayList<>();
		plans.forEach((declared) -> ask(declared.key(), () -> rows.addAll(declared.rows(this.store.read(declared)))));
		forEachObsolete(topology, plans, streams, (stream, subject) -> rows
			.add(new Row(stream, null, "schedule " + name(stream, subject), "present", "not in it", Action.REMOVE)));
		return rows;
	}

	private String name(String stream, String subject) {
		String owned = ScheduleSubjects.recurring(stream, String.valueOf(this.owner.name()));
		return subject.substring(owned.length() - 1).split("\\.")[0];
	}

	/**
	 * Writes what is missing or differs, and removes what is no longer declared.
	 * @param topology the schedules
	 * @param plans what {@link #plan} found
	 * @param streams the streams among which to look for what is no longer declared
	 */
	void write(Topology topology, List<DeclaredSchedule> plans, List<StreamPlan> streams) {
		if (this.mode == TopologyMode.VALIDATE) {
			return;
		}
		for (DeclaredSchedule declared : plans) {
			write(declared);
			if (!this.problems.isEmpty() && !topology.isPart()) {
				return;
			}
		}
		forEachObsolete(topology, plans, streams, (stream, subject) -> {
			this.store.remove(stream, subject);
			logger.info("Schedule '%s' of stream '%s': removed, as it is no longer declared"
				.formatted(name(stream, subject), stream));
		});
	}

	private void forEachObsolete(Topology topology, List<DeclaredSchedule> plans, List<StreamPlan> streams,
			Removal removal) {
		String name = this.owner.name();
		if (this.mode != TopologyMode.UPDATE || topology.isPart() || name == null || !this.rules.isKnown()) {
			return;
		}
		Set<String> names = new LinkedHashSet<>();
		for (StreamPlan plan : streams) {
			if (plan.stream().current() != null && ScheduledStream.hasSchedules(plan.stream().outcome(this.mode))) {
				names.add(plan.stream().declared().stream());
			}
		}
		// Others' streams too; those that are to be created have nothing yet
		for (DeclaredSchedule declared : plans) {
			String stream = declared.stream();
			if (streams.stream().noneMatch((plan) -> plan.stream().declared().stream().equals(stream))) {
				names.add(stream);
			}
		}
		for (String stream : names) {
			ask(Keys.SCHEDULES, () -> {
				Set<String> obsolete = this.store.owned(stream, name);
				obsolete.removeIf((subject) -> plans.stream().anyMatch((declared) -> declared.isOn(subject)));
				for (String subject : obsolete) {
					removal.remove(stream, subject);
				}
				return null;
			});
		}
	}

	private void write(DeclaredSchedule declared) {
		ask(declared.key(), () -> {
			for (int round = 1; !tryWrite(declared, round == ROUNDS); round++) {
				logger.debug(declared.label() + ": written by somebody else at the same time");
			}
			return null;
		});
	}

	/**
	 * Writes, unless somebody else has written in the meantime.
	 * @return whether it is done
	 */
	private boolean tryWrite(DeclaredSchedule declared, boolean last) throws IOException, JetStreamApiException {
		StoredSchedule current = this.store.read(declared);
		List<Difference> differences = current.isMissing() ? List.of() : declared.differences(current);
		String text = differences.isEmpty() ? "" : " " + texts(differences);
		if (!current.isMissing() && differences.isEmpty()) {
			logger.info(declared.label() + ": unchanged");
			return true;
		}
		if (!current.isMissing() && this.mode == TopologyMode.CREATE) {
			logger.warn(declared.label() + ": differs" + text);
			return true;
		}
		try {
			this.store.write(declared, current);
			String line = declared.label() + (current.isMissing() ? ": created" : ": updated") + text;
			this.problems.wrote(line);
			logger.info(line);
			return true;
		}
		catch (JetStreamApiException ex) {
			if (ex.getApiErrorCode() != WRONG_SEQUENCE || last) {
				throw ex;
			}
			return false;
		}
	}

	private <T> @Nullable T ask(String key, Question<T> question) {
		try {
			return question.ask();
		}
		catch (JetStreamApiException ex) {
			this.problems.add(key, "can't be declared, the server says: %s".formatted(ex.getMessage()),
					"Change what the server names there, in the keys below this one.");
		}
		catch (IOException ex) {
			this.problems.add(key, "can't be declared: %s".formatted(ex.getMessage()),
					"Check that the server answers, and that the user of the connection may publish to $JS.API.> and"
							+ " to the subjects of schedules, _schedules.>.");
		}
		catch (IllegalStateException ex) {
			this.problems.add(key, "can't be declared: %s".formatted(ex.getMessage()),
					"Allow it in the permissions of that user.");
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

		@Nullable T ask() throws IOException, JetStreamApiException;

	}

	/**
	 * What is done about a schedule that is no longer declared.
	 */
	@FunctionalInterface
	private interface Removal {

		void remove(String stream, String subject) throws IOException, JetStreamApiException;

	}

}
