import java.nio.file.Path;
import org.apache.lucene.search.Query;

/** What Worker needs of an engine; benchmarks/protocol.py says what each method does. */
interface Engine {
  void index(Path flat, Path folder, int threads, int memoryMb, int limit) throws Exception;

  void optimise(Path folder) throws Exception;

  void open(Path folder) throws Exception;

  Query parse(String text) throws Exception;

  Object top(Query query, int k) throws Exception;

  Object topCounted(Query query, int k) throws Exception;

  int count(Query query) throws Exception;

  /** Ids and scores of an answer of top, as JSON. */
  String hits(Object answer) throws Exception;
}
