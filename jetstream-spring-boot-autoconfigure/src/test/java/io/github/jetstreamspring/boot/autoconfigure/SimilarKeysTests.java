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

package io.github.jetstreamspring.boot.autoconfigure;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.github.jetstreamspring.messaging.SimilarNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Typos in {@code jetstream.*} keys, and the names that others have for them.
 */
class SimilarKeysTests {

	@Test
	void whenALetterIsMissingInAnyKeyThenTheKeyIsFound() {
		assertThat(wrong(SimilarKeysTests::withoutOneLetter)).isEmpty();
	}

	@Test
	void whenTwoLettersOfAnyKeyHaveChangedPlacesThenTheKeyIsFound() {
		assertThat(wrong(SimilarKeysTests::withTwoSwapped)).isEmpty();
	}

	@Test
	void whenALetterOfAGroupIsMissingThenTheKeyIsFound() {
		List<String> wrong = new ArrayList<>();
		for (String key : keys()) {
			List<String> words = new ArrayList<>(List.of(key.split("\\.")));
			for (int i = 1; i < words.size() - 1; i++) {
				String word = words.get(i);
				if (word.length() > 4 && !word.endsWith("]") && !word.startsWith("my")) {
					List<String> typo = new ArrayList<>(words);
					typo.set(i, word.substring(0, 2) + word.substring(3));
					check(String.join(".", typo), key, wrong);
				}
			}
		}
		assertThat(wrong).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "streams.o.max_msgs, streams.o.max-messages", "streams.o.max_msg_size, streams.o.max-message-size",
			"streams.o.max_msgs_per_subject, streams.o.max-messages-per-subject",
			"streams.o.num_replicas, streams.o.replicas", "streams.o.num-replicas, streams.o.replicas",
			"streams.o.dupe-window, streams.o.duplicate-window", "streams.o.allow_msg_ttl, streams.o.allow-message-ttl",
			"streams.o.allow_msg_schedules, streams.o.allow-message-schedules",
			"streams.o.allow_msg_counter, streams.o.allow-message-counter",
			"streams.o.allow_atomic, streams.o.allow-atomic-publish",
			"streams.o.allow_batched, streams.o.allow-batch-publish",
			"streams.o.allow_rollup_hdrs, streams.o.allow-rollup", "streams.o.first_seq, streams.o.first-sequence",
			"streams.o.retention_policy, streams.o.retention", "streams.o.discard_policy, streams.o.discard",
			"streams.o.storage_type, streams.o.storage",
			"streams.o.mirror.opt_start_seq, streams.o.mirror.start-sequence",
			"streams.o.mirror.opt_start_time, streams.o.mirror.start-time",
			"streams.o.republish.src, streams.o.republish.source",
			"streams.o.republish.dest, streams.o.republish.destination",
			"streams.o.subject-transform.src, streams.o.subject-transform.source",
			"streams.o.sources[0].subject-transforms[0].dest, streams.o.sources[0].subject-transforms[0].destination",
			"streams.o.consumers.w.opt_start_seq, streams.o.consumers.w.start-sequence",
			"streams.o.consumers.w.opt_start_time, streams.o.consumers.w.start-time",
			"streams.o.consumers.w.filter_subject, streams.o.consumers.w.filter-subjects",
			"streams.o.consumers.w.filter, streams.o.consumers.w.filter-subjects",
			"streams.o.consumers.w.max_waiting, streams.o.consumers.w.max-pull-waiting",
			"streams.o.consumers.w.max_pending, streams.o.consumers.w.max-ack-pending",
			"streams.o.consumers.w.max-request-batch, streams.o.consumers.w.max-batch",
			"streams.o.consumers.w.sample_freq, streams.o.consumers.w.sample-frequency",
			"streams.o.consumers.w.mem_storage, streams.o.consumers.w.memory-storage",
			"streams.o.consumers.w.num_replicas, streams.o.consumers.w.replicas",
			"connections.o.sreams, connections.o.streams", "user, username", "pass, password", "nkey, nkey-seed",
			"creds, credentials", "url, servers", "urls, servers", "topology.modus, topology.mode",
			"listeners.w.enabled, listeners.w.auto-startup", "listener.max-retries, listener.retry.max-attempts",
			"listeners.w.threads, listeners.w.concurrency",
			"streams[o.eu].consumers[w x].max_waiting, streams[o.eu].consumers[w x].max-pull-waiting",
			"streams.1.consumers.2.ackwiat, streams.1.consumers.2.ack-wait" })
	void whenAKeyIsThatOfTheServerOrItsToolsThenOursIsFound(String written, String meant) {
		assertThat(SimilarKeys.of(ConfigurationPropertyName.adapt("jetstream." + written, '.'), false))
			.containsExactly("jetstream." + meant);
	}

	@ParameterizedTest
	@ValueSource(strings = { "max_age", "duplicate_window", "consumers.w.ack_policy", "consumers.w.DeliverPolicy" })
	void whenAKeyIsThatOfTheServerAndBoundThenThereIsNothingToFind(String written) {
		assertThat(SimilarKeys.of(ConfigurationPropertyName.adapt("jetstream.streams.o." + written, '.'), false))
			.isEmpty();
	}

	private static List<String> wrong(UnaryOperator<String> change) {
		List<String> wrong = new ArrayList<>();
		for (String key : keys()) {
			int last = key.lastIndexOf('.') + 1;
			// A name of the user's own can't be wrong
			if (!key.startsWith("my", last)) {
				check(key.substring(0, last) + change.apply(key.substring(last)), key, wrong);
			}
		}
		return wrong;
	}

	// Others may be as near, but none nearer
	private static void check(String written, String key, List<String> wrong) {
		List<String> found = SimilarKeys.of(ConfigurationPropertyName.adapt(written, '.'), false);
		if (!SimilarNames.isAlike(written, key) && !found.contains(key)) {
			wrong.add(written + " -> " + found);
		}
	}

	private static String withoutOneLetter(String word) {
		int middle = word.length() / 2;
		return word.substring(0, middle) + word.substring(middle + 1);
	}

	private static String withTwoSwapped(String word) {
		for (int i = word.length() / 2; i > 0; i--) {
			char first = word.charAt(i - 1);
			char second = word.charAt(i);
			if (first != second && first != '-' && second != '-') {
				return word.substring(0, i - 1) + second + first + word.substring(i + 1);
			}
		}
		return word;
	}

	private static List<String> keys() {
		List<String> keys = new ArrayList<>();
		collect(JetStreamProperties.class, "jetstream", keys);
		return keys;
	}

	private static void collect(Type type, String path, List<String> keys) {
		if (type instanceof Class<?> group && group.isRecord()) {
			for (RecordComponent component : group.getRecordComponents()) {
				collect(component.getGenericType(),
						path + "." + DataObjectPropertyName.toDashedForm(component.getName()), keys);
			}
		}
		else if (type instanceof ParameterizedType map && map.getRawType() == Map.class
				&& map.getActualTypeArguments()[1] != String.class) {
			collect(map.getActualTypeArguments()[1], path + ".my-name", keys);
		}
		else if (type instanceof ParameterizedType list && list.getRawType() == List.class
				&& list.getActualTypeArguments()[0] instanceof Class<?> element && element.isRecord()) {
			collect(element, path + "[0]", keys);
		}
		else {
			keys.add(path);
		}
	}

}
