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

package io.github.jetstreamspring.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamState;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the streams hold when all is over.
 *
 * @param jobs the jobs that are in their queue
 * @param letters how many dead letters with different ids there are of each job
 * @param repeated how many dead letters the server has stored with an id that it had
 * within its duplicate window
 */
record Leftovers(Set<String> jobs, Map<String, Integer> letters, int repeated) {

	/**
	 * What nobody can read, such as the garbage of a hostile publisher.
	 */
	static final String UNREADABLE = "unreadable";

	private static final int NO_MESSAGE = 10037;

	private static final JsonMapper mapper = JsonMapper.shared();

	static Leftovers read(Connection connection) throws Exception {
		JetStreamManagement management = connection.jetStreamManagement();
		Set<String> jobs = new HashSet<>();
		messages(management, "jobs").forEach((message) -> jobs.add(job(message)));
		Map<String, Integer> letters = new HashMap<>();
		Set<String> ids = new HashSet<>();
		int repeated = 0;
		// Somebody may have deleted it, and nothing was given up on since
		boolean kept = management.getStreamNames().contains("dead-letters");
		for (MessageInfo letter : kept ? messages(management, "dead-letters") : List.<MessageInfo>of()) {
			if (ids.add(letter.getHeaders().getFirst("Nats-Msg-Id"))) {
				letters.merge(job(letter), 1, Integer::sum);
			}
			else {
				repeated++;
			}
		}
		return new Leftovers(jobs, letters, repeated);
	}

	static List<MessageInfo> messages(JetStreamManagement management, String stream) throws Exception {
		List<MessageInfo> messages = new ArrayList<>();
		StreamState state = management.getStreamInfo(stream).getStreamState();
		long sequence = state.getFirstSequence();
		for (long left = state.getMsgCount(); left > 0; left--) {
			MessageInfo message;
			try {
				message = management.getNextMessage(stream, sequence, ">");
			}
			catch (JetStreamApiException ex) {
				if (ex.getApiErrorCode() == NO_MESSAGE) {
					// It is gone meanwhile
					return messages;
				}
				throw ex;
			}
			messages.add(message);
			sequence = message.getSeq() + 1;
		}
		return messages;
	}

	private static String job(MessageInfo message) {
		try {
			return mapper.readValue(message.getData(), Job.class).id();
		}
		catch (RuntimeException ex) {
			return UNREADABLE;
		}
	}

}
