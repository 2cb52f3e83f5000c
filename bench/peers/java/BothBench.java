import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.MMapDirectory;

/** Words, vector and filter, joined by the ranks of the best 100 of each (k = 60).
 *  index FOLDER TSV VECTORS.npy | search FOLDER QUERIES QUERY-VECTORS.npy PLATFORM MIN-FOLLOWERS */
public final class BothBench {
  static final int LEG = 100, K = 10, RRF_K = 60, MOST_QUERIES = 200, WARM_UPS = 2;

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    if (arguments[0].equals("index")) index(folder, Path.of(arguments[2]), Path.of(arguments[3]));
    else search(folder, Files.readAllLines(Path.of(arguments[2])), Path.of(arguments[3]), filter(arguments[4], Long.parseLong(arguments[5])));
  }

  /** A float32 matrix of a .npy file, row by row. */
  static final class Matrix implements AutoCloseable {
    final FileChannel channel;
    final ByteBuffer buffer;
    final int rows, columns;

    Matrix(Path file) throws IOException {
      channel = FileChannel.open(file);
      var head = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(head);
      var words = ByteBuffer.allocate(head.getShort(8) & 0xffff);
      channel.read(words);
      String shape = new String(words.array()).split("\\(")[1].split("\\)")[0];
      rows = Integer.parseInt(shape.split(",")[0].trim());
      columns = Integer.parseInt(shape.split(",")[1].trim());
      buffer = ByteBuffer.allocate(columns * 4).order(ByteOrder.LITTLE_ENDIAN);
    }

    float[] next() throws IOException {
      buffer.clear();
      while (buffer.hasRemaining()) channel.read(buffer);
      var row = new float[columns];
      buffer.flip();
      buffer.asFloatBuffer().get(row);
      return row;
    }

    @Override public void close() throws IOException { channel.close(); }
  }

  static Codec quantized() {
    Codec usual = Codec.getDefault();
    var format = new Lucene99HnswScalarQuantizedVectorsFormat(16, 100);
    return new FilterCodec(usual.getName(), usual) {
      @Override public KnnVectorsFormat knnVectorsFormat() {
        return new PerFieldKnnVectorsFormat() {
          @Override public KnnVectorsFormat getKnnVectorsFormatForField(String field) { return format; }
        };
      }
    };
  }

  static Query filter(String platform, long minFollowers) {
    return new BooleanQuery.Builder()
        .add(new TermQuery(new Term("platform", platform)), BooleanClause.Occur.FILTER)
        .add(LongPoint.newRangeQuery("followers", minFollowers, Long.MAX_VALUE), BooleanClause.Occur.FILTER)
        .build();
  }

  static void index(Path folder, Path creators, Path vectors) throws Exception {
    List<String> lines = Files.readAllLines(creators);
    double before = Figures.processCpuSeconds();
    var type = new FieldType();
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    type.setTokenized(true);
    type.freeze();
    var config = new IndexWriterConfig(new WhitespaceAnalyzer()).setRAMBufferSizeMB(1024).setCodec(quantized()).setUseCompoundFile(false);
    try (var matrix = new Matrix(vectors); var directory = new MMapDirectory(folder); var writer = new IndexWriter(directory, config)) {
      for (String line : lines) {
        String[] fields = line.split("\t");
        var document = new Document();
        document.add(new Field("text", fields[1] + " " + fields[2] + " " + fields[3], type));
        document.add(new StringField("platform", fields[4], Field.Store.NO));
        document.add(new LongPoint("followers", Long.parseLong(fields[5])));
        document.add(new NumericDocValuesField("id", Long.parseLong(fields[0])));
        document.add(new KnnFloatVectorField("vector", matrix.next(), VectorSimilarityFunction.DOT_PRODUCT));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      writer.commit();
    }
    System.out.printf(Locale.ROOT, "{\"build_cpu_s\": %.4f}%n", Figures.processCpuSeconds() - before);
  }

  static ScoreDoc[] best(IndexSearcher searcher, Query query, int count) throws Exception {
    return searcher.search(query, new TopScoreDocCollectorManager(count, count)).scoreDocs;
  }

  static List<Integer> ask(IndexSearcher searcher, String words, float[] vector, Query filter) throws Exception {
    var text = new BooleanQuery.Builder().add(WordsBench.any(words), BooleanClause.Occur.MUST).add(filter, BooleanClause.Occur.FILTER).build();
    var scores = new HashMap<Integer, Double>();
    for (ScoreDoc[] leg : List.of(best(searcher, new KnnFloatVectorQuery("vector", vector, LEG, filter), LEG), best(searcher, text, LEG)))
      for (int rank = 0; rank < leg.length; ++rank) scores.merge(leg[rank].doc, 1.0 / (RRF_K + 1 + rank), Double::sum);
    var order = new ArrayList<>(scores.entrySet());
    order.sort((a, b) -> a.getValue().equals(b.getValue()) ? a.getKey() - b.getKey() : Double.compare(b.getValue(), a.getValue()));
    return order.stream().limit(K).map(Map.Entry::getKey).toList();
  }

  static String ids(IndexSearcher searcher, List<Integer> documents) throws Exception {
    var out = new long[documents.size()];
    var leaves = searcher.getIndexReader().leaves();
    for (int i = 0; i < out.length; ++i) {
      var leaf = leaves.get(ReaderUtil.subIndex(documents.get(i), leaves));
      var values = leaf.reader().getNumericDocValues("id");
      values.advance(documents.get(i) - leaf.docBase);
      out[i] = values.longValue();
    }
    return Arrays.toString(out);
  }

  static void search(Path folder, List<String> words, Path vectors, Query filter) throws Exception {
    int count = Math.min(MOST_QUERIES, words.size());
    var asked = new float[count][];
    try (var matrix = new Matrix(vectors)) {
      for (int i = 0; i < count; ++i) asked[i] = matrix.next();
    }
    try (var directory = new MMapDirectory(folder); var reader = DirectoryReader.open(directory)) {
      var searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      for (int i = 0; i < WARM_UPS * count; ++i) ask(searcher, words.get(i % count), asked[i % count], filter);
      var figures = new Figures(count);
      var found = new String[count];
      for (int repeat = 0; repeat < Figures.REPEATS; ++repeat)
        for (int i = 0; i < count; ++i) {
          int query = i;
          figures.time(repeat, i, () -> ask(searcher, words.get(query), asked[query], filter));
        }
      for (int i = 0; i < count; ++i) found[i] = ids(searcher, ask(searcher, words.get(i), asked[i], filter));
      System.out.println("{" + figures.json() + ", \"ids\": " + Arrays.toString(found) + "}");
    }
  }
}
