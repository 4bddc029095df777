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
import java.util.function.Supplier;

import io.github.jetstreamspring.topology.TopologyReport.Row;
import io.nats.client.JetStreamManagement;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Compares streams and consumers with the server, setting by setting, and creates or
 * updates them. Everything is checked before anything is written, and nothing is written
 * when nothing differs. What is on the server but not in the topology is left alone,
 * except schedules that this application declared before.
 * <p>
 * Several applications can declare the same at the same time.
 *
 * @since 0.1.0
 */
public final class TopologyDeclarer {

	private final JetStreamManagement management;

	private final Supplier<String> serverVersion;

	private final TopologyMode mode;

	private final @Nullable String owner;

	private final @Nullable String connection;

	private final Unanswered unanswered;

	/**
	 * Creates a declarer.
	 * @param management access to the server's streams and consumers
	 * @param serverVersion returns the version of the connected server, such as
	 * {@code 2.12.1}
	 * @param mode what is done about streams and consumers that are missing or differ
	 */
	public TopologyDeclarer(JetStreamManagement management, Supplier<String> serverVersion, TopologyMode mode) {
		this(management, serverVersion, mode, null);
	}

	/**
	 * Creates a declarer for a named connection.
	 * @param management access to the server's streams and consumers
	 * @param serverVersion returns the version of the connected server, such as
	 * {@code 2.12.1}
	 * @param mode what is done about streams and consumers that are missing or differ
	 * @param connection the connection's name, below which problems have their keys;
	 * {@code null} for the default connection
	 */
	public TopologyDeclarer(JetStreamManagement management, Supplier<String> serverVersion, TopologyMode mode,
			@Nullable String connection) {
		this(management, serverVersion, mode, connection, null, Unanswered.UNEXPLAINED);
	}

	private TopologyDeclarer(JetStreamManagement management, Supplier<String> serverVersion, TopologyMode mode,
			@Nullable String connection, @Nullable String owner, Unanswered unanswered) {
		this.management = management;
		this.serverVersion = serverVersion;
		this.mode = mode;
		this.connection = connection;
		this.owner = owner;
		this.unanswered = unanswered;
	}

	/**
	 * Returns a declarer that knows whose schedules it declares.
	 * @param owner the name of the application, the same for all its instances, by which
	 * its schedules are told from those of others; without one, schedules that are no
	 * longer declared stay on the server
	 * @return a declarer like this one
	 */
	public TopologyDeclarer ownedBy(@Nullable String owner) {
		return new TopologyDeclarer(this.management, this.serverVersion, this.mode, this.connection,
				StringUtils.hasText(owner) ? owner : null, this.unanswered);
	}

	/**
	 * Returns a declarer that tells a permission that is missing, instead of an answer
	 * that never comes: the server reports it to the connection, not to who asked.
	 * @param lastError returns what the server reported last, such as
	 * {@code Connection::getLastError}, or {@code null} if it was nothing
	 * @return a declarer like this one
	 */
	public TopologyDeclarer explainedBy(Supplier<@Nullable String> lastError) {
		return new TopologyDeclarer(this.management, this.serverVersion, this.mode, this.connection, this.owner,
				new Unanswered(lastError));
	}

	/**
	 * Declares streams and consumers.
	 * @param topology what shall be on the server
	 * @return what became of each stream and consumer; nothing in mode
	 * {@link TopologyMode#NONE}
	 * @throws TopologyException if something is wrong. If it could be known without
	 * writing, nothing was written; what the server itself refuses to write stays out,
	 * while everything else was written.
	 */
	public List<TopologyResult> declare(Topology topology) {
		if (this.mode == TopologyMode.NONE) {
			return List.of();
		}
		try {
			return declareAll(topology);
		}
		catch (TopologyException ex) {
			throw (this.connection != null) ? ex.of(this.connection) : ex;
		}
	}

	private List<TopologyResult> declareAll(Topology topology) {
		List<TopologyProblem> problems = new ArrayList<>(topology.conflicts());
		String version = this.serverVersion.get();
		ServerVersion server = ServerVersion.of(version);
		List<StreamPlan> plans = new TopologyPlanner(this.management, new SettingsCheck(version), problems,
				this.unanswered)
			.plan(topology);
		List<TopologyProblem> differences = TopologyVerdict.of(plans, this.mode, server);
		List<TopologyProblem> wrong = wrong(topology, plans, this.mode);
		ScheduleDeclarer schedules = new ScheduleDeclarer(this.management, version, this.mode, this.owner, wrong);
		List<DeclaredSchedule> declared = schedules.plan(topology, plans);
		if (this.mode == TopologyMode.VALIDATE && !differences.isEmpty()) {
			problems.addAll(wrong);
			List<Row> rows = new TopologyReporter(server).rows(plans, problems);
			TopologyReport report = new TopologyReport(version, this.mode, rows, problems, List.of());
			problems.addAll(differences);
			throw new TopologyException(problems, report);
		}
		problems.addAll(differences);
		problems.addAll(wrong);
		throwIfAny(problems);
		List<TopologyResult> results = new TopologyWriter(this.management, server, this.mode, problems, this.connection,
				this.unanswered)
			.write(plans);
		throwIfAny(problems);
		// Not before their streams are what they shall be
		wrong.clear();
		schedules.write(topology, declared, plans);
		throwIfAny(wrong);
		return List.copyOf(results);
	}

	/**
	 * Compares streams and consumers with the server, and writes nothing, whatever the
	 * mode.
	 * @param topology what shall be on the server
	 * @return what differs and what is wrong
	 */
	public TopologyReport report(Topology topology) {
		TopologyReport report = compare(topology);
		return (this.connection != null) ? report.of(this.connection) : report;
	}

	private TopologyReport compare(Topology topology) {
		List<TopologyProblem> problems = new ArrayList<>(topology.conflicts());
		String version = this.serverVersion.get();
		List<StreamPlan> plans;
		try {
			plans = new TopologyPlanner(this.management, new SettingsCheck(version), problems, this.unanswered)
				.plan(topology);
		}
		catch (TopologyException ex) {
			return new TopologyReport(version, this.mode, List.of(), ex.getProblems(), List.of());
		}
		problems.addAll(wrong(topology, plans, TopologyMode.UPDATE));
		ScheduleDeclarer schedules = new ScheduleDeclarer(this.management, version, TopologyMode.UPDATE, this.owner,
				problems);
		List<DeclaredSchedule> declared = schedules.plan(topology, plans);
		TopologyReporter reporter = new TopologyReporter(ServerVersion.of(version));
		List<Row> rows = new ArrayList<>(reporter.rows(plans, problems));
		rows.addAll(schedules.rows(topology, declared, plans));
		return new TopologyReport(version, this.mode, rows, problems, reporter.notes(plans, this.management));
	}

	/**
	 * Returns what would be wrong even if the server had nothing yet.
	 */
	private static List<TopologyProblem> wrong(Topology topology, List<StreamPlan> plans, TopologyMode mode) {
		List<TopologyProblem> problems = new ArrayList<>(TopologyVerdict.pushing(plans));
		new TopologyRules(mode, problems).check(plans);
		topology.deadLetters().forEach((rules) -> problems.addAll(rules.check(plans, mode)));
		return problems;
	}

	private static void throwIfAny(List<TopologyProblem> problems) {
		if (!problems.isEmpty()) {
			throw new TopologyException(problems);
		}
	}

}
