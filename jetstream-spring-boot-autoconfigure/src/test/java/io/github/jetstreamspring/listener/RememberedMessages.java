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

package io.github.jetstreamspring.listener;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@link HandledMessages} in memory, with transactions that take no more than their names
 * back.
 */
final class RememberedMessages implements HandledMessages {

	final Set<String> committed = new LinkedHashSet<>();

	final List<String> ends = new ArrayList<>();

	private RuntimeException commitFailure;

	void failCommits(RuntimeException failure) {
		this.commitFailure = failure;
	}

	@Override
	public Set<String> handle(String listener, Collection<String> messages, Handler handler) throws Exception {
		Set<String> before = new HashSet<>(messages);
		before.retainAll(this.committed);
		if (!before.isEmpty()) {
			this.ends.add("known");
			return before;
		}
		boolean commit;
		try {
			commit = handler.handle();
		}
		catch (Throwable ex) {
			this.ends.add("rollback");
			throw ex;
		}
		if (commit && this.commitFailure != null) {
			this.ends.add("failed");
			throw this.commitFailure;
		}
		this.ends.add(commit ? "commit" : "rollback");
		if (commit) {
			this.committed.addAll(messages);
		}
		return Set.of();
	}

}
