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

import java.time.Duration;
import java.util.List;

/**
 * What the checker has found.
 *
 * @param sent how many jobs publishers have sent
 * @param confirmed how many of them the server has confirmed
 * @param handled how many were handled, once or more
 * @param letters how many became dead letters
 * @param faults how many faults there were
 * @param lost confirmed jobs that are nowhere
 * @param unfinished jobs that are still in their queue, and were never handled
 * @param kept how many handled jobs the server has kept in their queue
 * @param unknown jobs that were handled or are there, though nobody has sent them
 * @param doubled jobs with several dead letters
 * @param wrong jobs with a dead letter that were handled, or had attempts left, with no
 * fault near
 * @param repeated dead letters that the server has stored twice, though their ids told it
 * @param duplicates how many times a job was handled that had been handled
 * @param unexplained duplicates near which there was no fault
 * @param early jobs that came before their delay was over, or that of a retry
 * @param overtaken jobs that were handled before one with the same key that comes first
 * @param overtakenInOne those of them where the same instance has handled both, and had
 * got both with their first delivery
 * @param torn groups of jobs of which some are there, and others nowhere
 * @param pause the longest time in which no job was handled
 * @param back the longest time from the end of a fault until a job was handled
 */
record Verdict(int sent, int confirmed, int handled, int letters, int faults, List<String> lost,
		List<String> unfinished, int kept, List<String> unknown, List<String> doubled, List<String> wrong, int repeated,
		int duplicates, List<String> unexplained, List<String> early, List<String> overtaken,
		List<String> overtakenInOne, List<String> torn, Duration pause, Duration back) {

	@Override
	public String toString() {
		return "%d sent, %d confirmed, %d handled, %d dead letters, %d faults, %d lost, %d unfinished, %d kept, %d duplicates, longest pause %s, back after %s"
			.formatted(this.sent, this.confirmed, this.handled, this.letters, this.faults, this.lost.size(),
					this.unfinished.size(), this.kept, this.duplicates, this.pause, this.back);
	}

}
