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

import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.PersistMode;
import io.nats.client.api.Republish;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.Source;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Which settings of a stream go together.
 */
final class StreamRules {

	private static final List<String> OWN_SUBJECTS = List.of("$JS.API.>", "$JS.ACK.>", "$JS.FC.>", "$JSC.>", "$NRG.>",
			"$SYS.>", "_INBOX.>");

	// Events, which others may store
	private static final String ACCOUNT_EVENTS = "$SYS.ACCOUNT.>";

	private static final String REMOVE_ONE = "Remove one of the two keys.";

	static final List<Rule<StreamConfiguration>> ALL = List.of(
			new Rule<>(StreamSettings.subjects(), StreamRules::serversOwn,
					"Choose subjects of the application's own, such as orders.>."),
			new Rule<>(StreamSettings.subjects(), (stream) -> Subjects.overlapAmong(stream.getSubjects()),
					"Remove the subjects that others cover."),
			Rule.of(StreamSettings.subjects(), (stream) -> isMirror(stream) && !stream.getSubjects().isEmpty(),
					"can't be set for a mirror, which has those of its origin",
					"Remove the key, or 'mirror'. What is a mirror on the server becomes a stream of its own by mirror: none."),
			Rule.of(StreamSettings.sources(), (stream) -> isMirror(stream) && hasSources(stream),
					"can't be set together with 'mirror'",
					"Remove one of the two, or make the mirror one more source."),
			Rule.of(StreamSettings.mirror(),
					(stream) -> isMirror(stream) && !Subjects.isValidName(stream.getMirror().getName()),
					"names a stream that can't exist", "Names have no spaces, dots, slashes, backslashes, '*' or '>'."),
			new Rule<>(StreamSettings.sources(), StreamRules::badSource,
					"Names have no spaces, dots, slashes, backslashes, '*' or '>'."),
			Rule.of(StreamSettings.firstSequence(), (stream) -> isMirror(stream) && stream.getFirstSequence() > 1,
					"can't be set together with 'mirror'", "Remove the key: a mirror has its origin's sequences."),
			Rule.of(StreamSettings.mirrorDirect(), (stream) -> stream.getMirrorDirect() && !isMirror(stream),
					"can't be 'true' without 'mirror'", "Remove the key, or say which stream is mirrored."),
			Rule.of(StreamSettings.allowMessageSchedules(),
					(stream) -> stream.getAllowMsgSchedules() && (isMirror(stream) || hasSources(stream)),
					"can't be 'true' for a stream with 'mirror' or 'sources'",
					"Schedule messages in the stream that they come from."),
			Rule.of(StreamSettings.allowAtomicPublish(), (stream) -> stream.getAllowAtomicPublish() && isMirror(stream),
					"can't be 'true' for a mirror, which nobody publishes to", "Remove the key."),
			Rule.of(StreamSettings.allowBatchPublish(), (stream) -> stream.getAllowBatched() && isMirror(stream),
					"can't be 'true' for a mirror, which nobody publishes to", "Remove the key."),
			Rule.of(StreamSettings.subjectDeleteMarkerTtl(),
					(stream) -> isMirror(stream) && !Values.orZero(stream.getSubjectDeleteMarkerTtl()).isZero(),
					"can't be set for a mirror", "Remove the key: markers come from the origin."),
			Rule.of(StreamSettings.discard(),
					(stream) -> stream.getAllowMsgSchedules() && stream.getDiscardPolicy() == DiscardPolicy.New,
					"can't be 'new' together with allow-message-schedules",
					"Set it to 'old', or remove allow-message-schedules."),
			Rule.of(StreamSettings.discardNewPerSubject(),
					(stream) -> stream.isDiscardNewPerSubject() && stream.getDiscardPolicy() != DiscardPolicy.New,
					"can't be 'true' unless 'discard' is 'new'", "Set 'discard' to 'new', or remove the key."),
			Rule.of(StreamSettings.discardNewPerSubject(),
					(stream) -> stream.isDiscardNewPerSubject() && stream.getMaxMsgsPerSubject() <= 0,
					"can't be 'true' without 'max-messages-per-subject'",
					"Set 'max-messages-per-subject', or remove the key."),
			new Rule<>(StreamSettings.duplicateWindow(), StreamRules::tooLongWindow,
					"Shorten it, or keep messages for longer."),
			Rule.of(StreamSettings.allowRollup(), (stream) -> stream.getAllowRollup() && stream.getDenyPurge(),
					"can't be 'true' together with 'deny-purge', as it purges", REMOVE_ONE),
			Rule.of(StreamSettings.denyPurge(),
					(stream) -> stream.getDenyPurge() && !Values.orZero(stream.getSubjectDeleteMarkerTtl()).isZero(),
					"can't be 'true' together with 'subject-delete-marker-ttl', which purges", REMOVE_ONE),
			Rule.of(StreamSettings.denyPurge(), (stream) -> stream.getDenyPurge() && stream.getAllowMsgSchedules(),
					"can't be 'true' together with 'allow-message-schedules', which purge", REMOVE_ONE),
			new Rule<>(StreamSettings.republish(), StreamRules::republishedToItself,
					"Republish to subjects that the stream doesn't store, such as copy.>."),
			Rule.of(StreamSettings.persistMode(),
					(stream) -> isAsync(stream) && stream.getStorageType() != StorageType.File,
					"can't be 'async' unless 'storage' is 'file'", "Remove the key."),
			Rule.of(StreamSettings.persistMode(), (stream) -> isAsync(stream) && stream.getReplicas() > 1,
					"can't be 'async' with more than one replica", "Remove the key, or set 'replicas' to 1."),
			Rule.of(StreamSettings.persistMode(), (stream) -> isAsync(stream) && stream.getAllowAtomicPublish(),
					"can't be 'async' together with 'allow-atomic-publish'", REMOVE_ONE),
			Rule.of(StreamSettings.allowMessageCounter(),
					(stream) -> stream.getAllowMessageCounter()
							&& stream.getRetentionPolicy() != RetentionPolicy.Limits,
					"can't be 'true' unless 'retention' is 'limits'",
					"Set 'retention' to 'limits', or remove the key."),
			Rule.of(StreamSettings.allowMessageCounter(),
					(stream) -> stream.getAllowMessageCounter() && stream.getDiscardPolicy() == DiscardPolicy.New,
					"can't be 'true' when 'discard' is 'new'", "Set 'discard' to 'old', or remove the key."),
			Rule.of(StreamSettings.allowMessageCounter(),
					(stream) -> stream.getAllowMessageCounter()
							&& (stream.getAllowMessageTtl() || stream.getAllowMsgSchedules()),
					"can't be 'true' together with 'allow-message-ttl' or 'allow-message-schedules'", REMOVE_ONE));

	private StreamRules() {
	}

	private static boolean isMirror(StreamConfiguration stream) {
		return stream.getMirror() != null;
	}

	private static boolean hasSources(StreamConfiguration stream) {
		return !sources(stream).isEmpty();
	}

	private static List<Source> sources(StreamConfiguration stream) {
		List<Source> sources = stream.getSources();
		return (sources != null) ? sources : List.of();
	}

	private static boolean isAsync(StreamConfiguration stream) {
		return stream.getPersistMode() == PersistMode.Async;
	}

	// A confirmation would be published for each request to the server
	private static @Nullable String serversOwn(StreamConfiguration stream) {
		List<String> found = new ArrayList<>(stream.getSubjects());
		found.removeIf((subject) -> !Subjects.overlap(List.of(subject), OWN_SUBJECTS)
				|| Subjects.covers(ACCOUNT_EVENTS, subject));
		return (stream.getNoAck() || found.isEmpty()) ? null
				: "can't be %s, which cover subjects of the server and its clients, such as $JS.API.>"
					.formatted(Values.list(found));
	}

	private static @Nullable String badSource(StreamConfiguration stream) {
		List<String> names = sources(stream).stream()
			.map(Source::getName)
			.filter((name) -> !Subjects.isValidName(Values.orEmpty(name)))
			.toList();
		return names.isEmpty() ? null : "name streams that can't exist: " + Values.list(names);
	}

	private static @Nullable String tooLongWindow(StreamConfiguration stream) {
		Duration window = Values.orZero(stream.getDuplicateWindow());
		boolean tooLong = !stream.getMaxAge().isZero() && window.compareTo(stream.getMaxAge()) > 0;
		return tooLong ? "can't be '%s', which is longer than max-age '%s'".formatted(Values.duration(window),
				Values.duration(stream.getMaxAge())) : null;
	}

	private static @Nullable String republishedToItself(StreamConfiguration stream) {
		Republish republish = stream.getRepublish();
		if (republish == null) {
			return null;
		}
		// Whatever a placeholder such as {{wildcard(1)}} becomes
		String destination = republish.getDestination().replaceAll("\\{\\{[^}]*}}|\\$\\d+", "*");
		return Subjects.overlap(List.of(destination), Subjects.storedBy(stream))
				? "forms a circle: the stream stores '%s' itself".formatted(republish.getDestination()) : null;
	}

}
