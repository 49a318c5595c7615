package android.graphics;

/** Stands in for Android's class. */
public class ImageFormat {
  public static final int YUV_420_888 = 35;
}
