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

import io.github.jetstreamspring.messaging.ScheduleSubjects;
import io.github.jetstreamspring.messaging.StoredMessages;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PurgeOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the schedules that the server has.
 */
final class ScheduleStore {

	static final String EXPECTED = "Nats-Expected-Last-Subject-Sequence";

	private static final Set<Integer> MISSING = Set.of(10037, 10059);

	private final JetStreamManagement management;

	private final @Nullable StoredMessages messages;

	/**
	 * Creates a store.
	 * @param management access to the streams
	 * @param connection the connection of the management, without which headers can be
	 * read that are ASCII, and no others
	 */
	ScheduleStore(JetStreamManagement management, @Nullable Connection connection) {
		this.management = management;
		this.messages = (connection != null) ? new StoredMessages(connection) : null;
	}

	/**
	 * Returns what there is of a schedule.
	 */
	StoredSchedule read(DeclaredSchedule declared) throws IOException, JetStreamApiException {
		StreamInfo stream;
		try {
			stream = this.management.getStreamInfo(declared.stream(),
					StreamInfoOptions.filterSubjects(declared.subjects()));
		}
		catch (JetStreamApiException ex) {
			if (MISSING.contains(ex.getApiErrorCode())) {
				return StoredSchedule.NONE;
			}
			throw ex;
		}
		String subject = declared.subject(stream);
		List<String> others = new ArrayList<>(subjects(stream));
		return new StoredSchedule(subject, others.remove(subject) ? content(declared.stream(), subject) : null, others);
	}

	private StoredSchedule.@Nullable Content content(String stream, String subject)
			throws IOException, JetStreamApiException {
		StoredMessages.Stored stored = (this.messages != null) ? this.messages.findLast(stream, subject) : null;
		if (stored != null) {
			return new StoredSchedule.Content(stored.sequence(), stored.headers(), stored.payload());
		}
		try {
			// The management may be one of another domain than the connection
			MessageInfo message = this.management.getLastMessage(stream, subject);
			return new StoredSchedule.Content(message.getSeq(),
					(message.getHeaders() != null) ? message.getHeaders() : new Headers(),
					(message.getData() != null) ? message.getData() : new byte[0]);
		}
		catch (JetStreamApiException ex) {
			if (MISSING.contains(ex.getApiErrorCode())) {
				return null;
			}
			throw ex;
		}
	}

	/**
	 * Writes a schedule, and takes away what fires by another key. Fails if somebody else
	 * has written it in the meantime.
	 * @param declared the schedule
	 * @param current what was read
	 */
	void write(DeclaredSchedule declared, StoredSchedule current) throws IOException, JetStreamApiException {
		if (current.subject() == null) {
			throw new IOException("stream '%s' is gone".formatted(declared.stream()));
		}
		StoredSchedule.Content content = current.content();
		Headers headers = declared.headers()
			.put(EXPECTED, Long.toString((content != null) ? content.sequence() : 0))
			.toHeaders();
		long sequence = this.management.jetStream()
			.publish(new NatsMessage(current.subject(), null, headers, declared.payload()))
			.getSeqno();
		// What another instance with another key has written at the same time, too: the
		// last one stays. Afterwards, as twice is better than a time that is missed
		this.management.purgeStream(declared.stream(),
				PurgeOptions.builder().subject(declared.subjects()).sequence(sequence).build());
	}

	/**
	 * Returns the subjects of all schedules of an application.
	 */
	Set<String> owned(String stream, String owner) throws IOException, JetStreamApiException {
		return subjects(this.management.getStreamInfo(stream,
				StreamInfoOptions.filterSubjects(ScheduleSubjects.recurring(stream, owner))));
	}

	private static Set<String> subjects(StreamInfo stream) {
		Set<String> subjects = new LinkedHashSet<>();
		stream.getStreamState().getSubjects().forEach((subject) -> subjects.add(subject.getName()));
		return subjects;
	}

	void remove(String stream, String subject) throws IOException, JetStreamApiException {
		this.management.purgeStream(stream, PurgeOptions.subject(subject));
	}

}
