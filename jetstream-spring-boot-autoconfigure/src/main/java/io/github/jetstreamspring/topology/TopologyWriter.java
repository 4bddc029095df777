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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.jetstreamspring.topology.TopologyResult.Outcome;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is missing or differs, and nothing else.
 */
final class TopologyWriter {

	private static final Log logger = LogFactory.getLog(TopologyWriter.class);

	// Each round is lost to another application that writes the same at the same moment
	private static final int ROUNDS = 5;

	private static final int SUBJECTS_OVERLAP = 10065;

	private final JetStreamManagement management;

	private final ServerVersion server;

	private final TopologyMode mode;

	private final Problems problems;

	private final @Nullable String connection;

	private final Unanswered unanswered;

	private final boolean part;

	private final @Nullable Connection natsConnection;

	private final List<TopologyResult> results = new ArrayList<>();

	TopologyWriter(JetStreamManagement management, ServerVersion server, TopologyMode mode, Problems problems,
			@Nullable String connection, Unanswered unanswered, boolean part, @Nullable Connection natsConnection) {
		this.management = management;
		this.server = server;
		this.mode = mode;
		this.problems = problems;
		this.connection = connection;
		this.unanswered = unanswered;
		this.part = part;
		this.natsConnection = natsConnection;
	}

	List<TopologyResult> write(List<StreamPlan> plans) {
		List<StreamPlan> ordered = new ArrayList<>();
		List<StreamPlan> missing = new ArrayList<>();
		for (StreamPlan plan : plans) {
			((plan.stream().current() != null) ? ordered : missing).add(plan);
		}
		// What exists may have to give up subjects that others get
		ordered.addAll(missing);
		for (StreamPlan plan : ordered) {
			// Without its stream a consumer could only fail, too
			if (!plan.managed() || write(plan.stream())) {
				for (Comparison<ConsumerConfiguration> consumer : plan.consumers()) {
					if (!write(consumer) && isToStop()) {
						return this.results;
					}
				}
			}
			else if (isToStop()) {
				return this.results;
			}
		}
		return this.results;
	}

	/**
	 * The less is written of a start that fails the better. What is lost while the
	 * application runs is better had in part than not at all.
	 */
	private boolean isToStop() {
		return !this.part;
	}

	private <C> boolean write(Comparison<C> comparison) {
		Declared<C, ?> declared = comparison.declared();
		try {
			Comparison<C> latest = comparison;
			for (int round = 1; !tryWrite(latest, round == ROUNDS); round++) {
				latest = Comparison.of(declared, declared.read(this.management));
			}
			return true;
		}
		catch (RefusedException ex) {
			this.problems.addAll(ex.problems);
		}
		catch (JetStreamApiException ex) {
			this.problems.add(declared.key(),
					"can't be %s, the server says: %s%s".formatted(verb(comparison), ex.getMessage(),
							inTheWay(declared, ex.getApiErrorCode())),
					"Change what the server names there, in the keys below this one or in the server's limits.");
		}
		catch (IOException | IllegalArgumentException ex) {
			this.problems.add(this.unanswered.problem(declared.key(), "can't be " + verb(comparison), ex,
					"Check that the server answers, and that the user of the connection may write streams and"
							+ " consumers."));
		}
		return false;
	}

	/**
	 * Writes, unless somebody else has written in the meantime.
	 * @return whether it is done; {@code false} means to read again
	 */
	private <C> boolean tryWrite(Comparison<C> comparison, boolean last)
			throws IOException, JetStreamApiException, RefusedException {
		Declared<C, ?> declared = comparison.declared();
		C current = comparison.current();
		try {
			if (current == null) {
				C created = declared.create(this.management);
				add(comparison, Outcome.CREATED);
				verify(declared, created);
			}
			else if (comparison.differences().isEmpty()) {
				add(comparison, Outcome.UNCHANGED);
			}
			else if (this.mode == TopologyMode.CREATE) {
				add(comparison, Outcome.DIFFERS);
			}
			else {
				List<TopologyProblem> unchangeable = TopologyVerdict.unchangeable(comparison, this.server);
				if (!unchangeable.isEmpty()) {
					throw new RefusedException(unchangeable);
				}
				C updated = declared.update(this.management, current, this.natsConnection);
				add(comparison, Outcome.UPDATED);
				verify(declared, updated);
			}
			return true;
		}
		catch (JetStreamApiException ex) {
			boolean raced = (current == null) ? declared.isTaken(ex.getApiErrorCode())
					: declared.isMissing(ex.getApiErrorCode());
			if (!raced || last) {
				throw ex;
			}
			return false;
		}
	}

	/**
	 * The server rewrites some settings in silence when they don't fit others.
	 */
	private static <C> void verify(Declared<C, ?> declared, C written) throws RefusedException {
		List<Difference> differences = declared.settings().differences(written);
		if (!differences.isEmpty()) {
			throw new RefusedException(differences.stream()
				.map((difference) -> new TopologyProblem(declared.key() + "." + difference.key(),
						"stays '%s' on the server, although '%s' was written".formatted(difference.from(),
								difference.to()),
						"Another setting asks for it: remove the key, or the setting that doesn't go with it."))
				.toList());
		}
	}

	private void add(Comparison<?> comparison, Outcome outcome) {
		Declared<?, ?> declared = comparison.declared();
		List<String> differences = new ArrayList<>();
		for (Difference difference : comparison.differences()) {
			differences.add(difference.toString());
		}
		this.results.add(new TopologyResult(declared.stream(), declared.consumer(), outcome, differences));
		String place = (this.connection != null) ? " of connection '" + this.connection + "'" : "";
		String text = declared.label() + place + ": " + outcome.name().toLowerCase()
				+ (differences.isEmpty() ? "" : " " + String.join(", ", differences));
		if (outcome == Outcome.CREATED || outcome == Outcome.UPDATED) {
			this.problems.wrote(text);
		}
		if (outcome == Outcome.DIFFERS) {
			logger.warn(text);
		}
		else {
			logger.info(text);
		}
	}

	/**
	 * The server doesn't say which streams have the subjects already.
	 */
	private String inTheWay(Declared<?, ?> declared, int apiErrorCode) {
		if (apiErrorCode != SUBJECTS_OVERLAP || !(declared instanceof DeclaredStream stream)) {
			return "";
		}
		Set<String> names = new TreeSet<>();
		try {
			for (String subject : Subjects.storedBy(stream.target(null))) {
				names.addAll(this.management.getStreamNames(subject));
			}
		}
		catch (IOException | JetStreamApiException ex) {
			logger.debug("Streams can't be listed", ex);
		}
		names.remove(declared.stream());
		return names.isEmpty() ? "" : ". They overlap with those of %s".formatted(Values.list(List.copyOf(names)));
	}

	private static String verb(Comparison<?> comparison) {
		return (comparison.current() == null) ? "created" : "updated";
	}

	private static final class RefusedException extends Exception {

		private static final long serialVersionUID = 1L;

		private final transient List<TopologyProblem> problems;

		RefusedException(List<TopologyProblem> problems) {
			this.problems = problems;
		}

	}

}
